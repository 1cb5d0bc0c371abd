import { toCell } from '../../../src/http/admin/sign-ins/export-events'

test.each([
  [undefined, ''],
  [7, '7'],
  ['plain', 'plain'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', "'\tx"],
  ['\r=x', `"'\r=x"`],
  ['a,b', '"a,b"'],
  ['a "b"', '"a ""b"""'],
  ['=a,"b"\n', `"'=a,""b""\n"`],
])('%j is the cell %s', (value, cell) => {
  expect(toCell(value)).toBe(cell)
})
