import * as dates from 'date-fns';
import { describe } from '../digest.mjs';

// Local time throughout: the calendar reads the same in every time zone.
const start = new Date(2024, 1, 28, 9, 30);

console.log(describe('date-fns', dates));
console.log(dates.format(start, "yyyy-MM-dd HH:mm:ss EEEE do 'of' MMMM, QQQ"));
console.log(dates.formatDistance(dates.addDays(start, 45), start), dates.differenceInBusinessDays(dates.addDays(start, 45), start));
console.log(dates.eachDayOfInterval({ start, end: dates.addDays(start, 4) }).map((day) => dates.format(day, 'EEE d')).join(','));
console.log(dates.format(dates.parse('31/12/2023', 'dd/MM/yyyy', start), "RRRR-'W'II"), dates.isLeapYear(start));
