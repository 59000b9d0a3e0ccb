/** A saved search as a place in the console, and a place as a search to be saved. */
import type { SavedSearchBody, SavedSearchInfo } from '../../../src/api/saved-searches.js';
import { type Place, START } from '../location/place.js';
import { variablesOf, variableValue } from '../query/variables.js';
import { parseMoment, printMoment } from '../time/moment.js';
import { DEFAULT_RANGE, type Range } from '../time/range.js';
import { UTC } from '../time/zone.js';

export function placeOf(project: string, { logstore, query, variables, from, to, chart }: SavedSearchInfo): Place {
  return { ...START, project, logstore, query, variables, chart, range: rangeOf(from, to) };
}

export function bodyOf(place: Place, name: string, dashboard: string | null): SavedSearchBody {
  const { logstore, query, range, chart } = place;
  const variables = Object.fromEntries(
    variablesOf(query).map((variable) => [variable, variableValue(place.variables, variable)]),
  );
  const [from, to] = [printMoment(range.from), printMoment(range.to)];
  return { name, logstore: logstore ?? '', query, variables, from, to, chart, dashboard };
}

function rangeOf(from: string, to: string): Range {
  const range = { from: parseMoment(from, UTC, 0), to: parseMoment(to, UTC, 0) };
  return range.from === null || range.to === null ? DEFAULT_RANGE : { from: range.from, to: range.to };
}
