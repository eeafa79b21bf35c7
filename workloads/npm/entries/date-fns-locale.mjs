import * as locales from 'date-fns/locale';
import { format, formatDistance } from 'date-fns';
import { describe } from '../digest.mjs';

const day = new Date(2024, 4, 17, 15, 0);
const later = new Date(2024, 7, 1, 15, 0);
const names = Object.keys(locales).sort();

let characters = 0;
for (const name of names) {
  const locale = locales[name];
  characters += format(day, 'EEEE, d MMMM yyyy', { locale }).length + formatDistance(later, day, { locale }).length;
}

console.log(describe('date-fns-locale', locales));
console.log(`${names.length} locales write ${characters} characters`);
for (const name of ['de', 'fr', 'ja', 'ru', 'vi']) {
  console.log(name, format(day, 'PPPP', { locale: locales[name] }));
}
