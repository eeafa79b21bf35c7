import * as namespace from 'mathjs';
import { chain, derivative, evaluate, format, parse, simplify, unit } from 'mathjs';

console.log(`mathjs: ${Object.keys(namespace).length} exports`);
console.log(format(evaluate('sqrt(3^2 + 4^2) + det([[1, 2], [3, 4]])'), 14), derivative('x^3 + 2 x', 'x').toString());
console.log(simplify('2 x + 3 x + y - y').toString(), parse('a b + c / 2').toTex());
console.log(unit('5 inch').to('cm').toString(), chain(3).add(4).multiply(2).done(), evaluate('5! + gcd(84, 36)'));
