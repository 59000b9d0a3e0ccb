-- A quiet service inserts a few thousand logs every second, and merging them is more than half of what they cost: a log is read
-- and written again each time that its part joins others. So some twelve parts join where it were five, and as long as they are
-- small they are merged by rows: going through them column by column has a price for each of the columns.
ALTER TABLE $stored $everywhere
MODIFY SETTING
  vertical_merge_algorithm_min_rows_to_activate = 131072,
  merge_selector_base = 12;
