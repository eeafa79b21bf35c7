// The hot part begins when the load has ended: a calendar of some thousand days.
import { addDays, differenceInCalendarDays, endOfMonth, format, getISOWeek, isWeekend } from 'date-fns';

setTimeout(() => {
  const begin = new Date(2001, 0, 1);
  let digest = 0;
  for (let day = 0; day < 27000; day++) {
    const date = addDays(begin, day);
    const text = format(date, "yyyy-MM-dd 'week' II EEEE");
    for (let at = 0; at < text.length; at++) digest = (digest * 31 + text.charCodeAt(at)) | 0;
    digest ^= differenceInCalendarDays(endOfMonth(date), date) + getISOWeek(date) + Number(isWeekend(date));
  }
  console.log(`date-fns-hot: ${digest}`);
}, 0);
