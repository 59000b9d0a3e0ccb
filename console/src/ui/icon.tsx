/** Small drawings on a grid of 16, in the colour of the text around them. Whoever reads aloud passes over them. */

const PATHS = {
  search: 'M7 12.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM11 11l3.5 3.5',
  dashboard: 'M2 2h5v6H2zM9 2h5v3.5H9zM9 8h5v6H9zM2 10.5h5V14H2z',
  shield: 'M8 1.5 13.5 3.5v4c0 3.3-2.2 5.6-5.5 7-3.3-1.4-5.5-3.7-5.5-7v-4L8 1.5ZM6 6l4 4M10 6l-4 4',
  stack: 'M8 2 14.5 5 8 8 1.5 5 8 2ZM1.5 8 8 11l6.5-3M1.5 11 8 14l6.5-3',
  key: 'M5.5 13.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM8.5 6.5 14 1M11 4l2.5 2.5M5.5 9.5h.01',
  pulse: 'M1 8.5h3l2-6 3.5 11 2-5H15',
  clock: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 4.5V8l2.5 1.5',
  play: 'M4.5 2.5v11l9-5.5-9-5.5Z',
  stop: 'M3.5 3.5h9v9h-9z',
  refresh: 'M13.5 8a5.5 5.5 0 1 1-1.6-3.9L13.5 5.700M13.5 2v3.700H9.800',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M3.500 3.500l9 9M12.500 3.500l-9 9',
  columns: 'M2 2.500h12v11H2zM6 2.500v11M10 2.500v11',
  copy: 'M5.500 5.500h8v8h-8zM2.500 10.500v-8h8',
  check: 'M3 8.500 6.500 12 13 4.500',
  down: 'M4 6l4 4 4-4',
  up: 'M4 10l4-4 4 4',
  left: 'M10 4 6 8l4 4',
  right: 'M6 4l4 4-4 4',
  link: 'M6.500 9.500l3-3M7 4.500l1.500-1.500a3.200 3.200 0 0 1 4.500 4.500L11.500 9M9 11.500 7.500 13A3.200 3.200 0 0 1 3 8.500L4.500 7',
  star: 'M8 1.800l1.900 4 4.300.6-3.100 3 .8 4.400L8 11.700l-3.900 2.100.8-4.400-3.100-3 4.300-.6L8 1.800Z',
  download: 'M8 2v8M4.500 7 8 10.500 11.500 7M2.500 13.500h11',
  wrap: 'M2 4h12M2 8h9.500a2.250 2.250 0 0 1 0 4.500H8M9.500 10.500l-2 2 2 2M2 12.500h3',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  settings:
    'M2 4.500h6M12 4.500h2M2 11.500h2M8 11.500h6M10 6.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM6 13.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  exit: 'M6 2.500H2.500v11H6M10.500 11 13.500 8l-3-3M13.500 8H6',
  trash: 'M2.500 4h11M6 4V2h4v2M4 4l.7 10h6.600L12 4M6.700 7v4.500M9.300 7v4.500',
  edit: 'M2.500 13.500l.7-3L11 2.700l2.300 2.300-7.800 7.800-3 .7Z',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  warning: 'M8 2 15 14H1L8 2ZM8 6.500v3.500M8 12h.01',
  live: 'M8 9a1 1 0 1 0 0-2 1 1 0 0 0 0 2ZM5 11a4.200 4.200 0 0 1 0-6M11 5a4.200 4.200 0 0 1 0 6M3 13a7 7 0 0 1 0-10M13 3a7 7 0 0 1 0 10',
  pause: 'M5 3v10M11 3v10',
  fields: 'M2 3.500h12M2 8h8M2 12.500h5',
  chart: 'M2 2v12h12M5 11V8M8.500 11V4.500M12 11V6.500',
  help: 'M8 14.500a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13ZM6 6.300c0-2.600 4-2.600 4 0C10 8 8 7.800 8 9.500M8 11.700h.01',
  pin: 'M6 2h4l-.5 5L12 9.500H4L6.500 7 6 2ZM8 9.500V14',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className="icon">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
