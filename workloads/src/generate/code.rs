//! Text that looks like code that people write: functions, classes, closures, loops, comments.
//!
//! Every piece can be called with an integer and gives an integer, so that pieces compose and a graph's result is one
//! number that depends on all that ran.

use super::rng::Rng;
use super::template::fill;

/// Declarations of about `bytes` bytes, followed by `export function total(input)` that calls a third of them.
///
/// Only a third runs because that is what real packages are like while they load: most functions wait for a caller.
pub(crate) fn body(rng: &mut Rng, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 1024);
    let mut calls = Vec::new();
    let mut api = Vec::new();
    loop {
        let (piece, name, call) = piece(rng, calls.len());
        text.push_str(&piece);
        text.push('\n');
        calls.push(call);
        api.push(name);
        if text.len() + 40 * calls.len() + 150 >= bytes {
            break;
        }
    }
    text.push_str("export function total(input) {\n  let sum = input | 0;\n");
    for call in calls.iter().step_by(3) {
        text.push_str(&format!("  sum = (sum * 31 + {call}) | 0;\n"));
    }
    text.push_str("  return sum;\n}\n\n");
    text.push_str(&format!("export const api = {{ {} }};\n", api.join(", ")));
    text
}

/// One declaration: its text, its name, and an expression that calls it with `sum`.
fn piece(rng: &mut Rng, index: usize) -> (String, String, String) {
    let piece = rng.pick(PIECES);
    let mut name = format!("{}{}{index}", rng.pick(VERBS), rng.pick(NOUNS));
    if piece.class {
        name = format!("{}{}{index}", rng.pick(NOUNS), rng.pick(ROLES));
    }
    let words: Vec<&str> = (0..4).map(|_| *rng.pick(WORDS)).collect();
    let numbers: Vec<String> = (0..5).map(|_| (rng.below(97) + 3).to_string()).collect();
    let values = [
        ("name", name.as_str()),
        ("w1", words[0]),
        ("w2", words[1]),
        ("w3", words[2]),
        ("w4", words[3]),
        ("a", &numbers[0]),
        ("b", &numbers[1]),
        ("c", &numbers[2]),
        ("d", &numbers[3]),
        ("e", &numbers[4]),
    ];
    (
        fill(piece.text, &values),
        name.clone(),
        fill(piece.call, &values),
    )
}

struct Piece {
    class: bool,
    text: &'static str,
    call: &'static str,
}

const VERBS: &[&str] = &[
    "collect", "merge", "resolve", "measure", "order", "split", "reduce", "track", "encode",
    "visit", "balance", "clamp",
];
const NOUNS: &[&str] = &[
    "Entries", "Segments", "Nodes", "Ranges", "Tokens", "Frames", "Weights", "Labels", "Routes",
    "Samples", "Spans",
];
const ROLES: &[&str] = &["Store", "Cursor", "Builder", "Queue", "View", "Index"];
const WORDS: &[&str] = &[
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "inlet", "juniper",
    "kelp", "lagoon",
];

const PIECES: &[Piece] = &[
    Piece {
        class: false,
        text: "\
/**
 * Folds a bounded number of steps into one number; every @c-th step weighs more.
 */
function @name(input) {
  const limit = (input & 15) + (@a % 8);
  let total = @b;
  for (let step = 0; step < limit; step++) {
    if (step % @c === 0) {
      total = (total * @d + step) | 0;
    } else {
      total ^= step << (@e & 7);
    }
  }
  return total | 0;
}
",
        call: "@name(sum)",
    },
    Piece {
        class: true,
        text: "\
class @name {
  static #created = 0;
  #items = [];
  #step;

  constructor(step = @a) {
    this.#step = step | 0;
    @name.#created += 1;
  }

  static get created() {
    return @name.#created;
  }

  get size() {
    return this.#items.length;
  }

  push(value) {
    this.#items.push((value ^ this.#step) | 0);
    return this;
  }

  total() {
    return this.#items.reduce((sum, item) => (sum + item) | 0, @b);
  }
}
",
        call: "new @name(sum).push(@c).push(sum >> 1).total()",
    },
    Piece {
        class: false,
        text: "\
// Answers are kept, because callers ask for the same few keys over and over.
const @name = (() => {
  const seen = new Map();
  const combine = (left, right) => (left * @a + right) | 0;
  return (input) => {
    const key = input & 31;
    if (!seen.has(key)) {
      seen.set(key, combine(key, @b));
    }
    return seen.get(key);
  };
})();
",
        call: "@name(sum)",
    },
    Piece {
        class: false,
        text: "\
function @name(input) {
  const kinds = ['@w1', '@w2 @w3', '@w4', 'other'];
  switch (kinds[(input >>> 0) % kinds.length]) {
    case '@w1':
      return (input + @a) | 0;
    case '@w2 @w3':
      return (input ^ @b) | 0;
    case '@w4': {
      const half = input >> 1;
      return half > @c ? half - @c : @c - half;
    }
    default:
      return @d;
  }
}
",
        call: "@name(sum)",
    },
    Piece {
        class: false,
        text: "\
function @name(input) {
  function* steps(from, count) {
    for (let index = 0; index < count; index++) {
      yield from + index * @a;
    }
  }
  let sum = @b;
  for (const step of steps(input & 15, @c % 7)) {
    sum = (sum * 3 + step) | 0;
  }
  return sum;
}
",
        call: "@name(sum)",
    },
    Piece {
        class: false,
        text: "\
const @name = {
  label: '@w1 @w2',
  limits: [@a, @b, @c],
  options: { strict: true, depth: @d, name: '@w3' },
  apply(input) {
    return this.limits.reduce((sum, limit) => (sum ^ (limit + input)) | 0, this.options.depth);
  },
  ['@w4']: (input) => input - @e,
};
",
        call: "@name.apply(sum)",
    },
    Piece {
        class: false,
        text: "\
function @name(input) {
  const text = `@w1-${input & 255}-@w2`;
  const [first, ...rest] = text.split('-');
  const found = /(\\d+)-(@w2|@w3)/.exec(text);
  const digits = Number(found?.[1] ?? @a);
  return (first.length * @b + rest.length + digits) | 0;
}
",
        call: "@name(sum)",
    },
    Piece {
        class: false,
        text: "\
/** Takes its options apart, and reports what it does not know instead of guessing. */
function @name({ offset = @a, scale = @b, ...rest } = {}) {
  let checked = 0;
  try {
    if (Object.keys(rest).length > 0) {
      throw new RangeError('unknown option in @w1 @w2');
    }
    checked = (offset * scale) | 0;
  } catch (error) {
    checked = error.message.length;
  } finally {
    checked ^= @c;
  }
  return checked;
}
",
        call: "@name({ offset: sum & 1023 })",
    },
    Piece {
        class: true,
        text: "\
class @name extends class Base {
  constructor(weight) {
    this.weight = weight;
  }

  scaled(by) {
    return (this.weight * by) | 0;
  }
} {
  constructor(weight, name = '@w1') {
    super(weight);
    this.name = name;
  }

  get title() {
    return `${this.name}:@w2`;
  }

  scaled(by) {
    return super.scaled(by) + this.title.length + @a;
  }
}
",
        call: "new @name(sum & 255).scaled(@b)",
    },
    Piece {
        class: false,
        text: "\
async function @name(input, { retries = @a % 4, signal = null } = {}) {
  const parts = await Promise.all([input, @b, @c].map(async (part) => part ^ @d));
  for (let attempt = 0; attempt <= retries; attempt++) {
    if (signal?.aborted) {
      throw new Error('@w1 was stopped');
    }
    await null;
  }
  return parts.reduce((sum, part) => (sum + part) | 0, 0);
}
",
        call: "@name.length",
    },
    Piece {
        class: false,
        text: "\
function @name(input) {
  const items = Array.from({ length: @a % 9 + 2 }, (_, index) => ({ id: index, rank: (index * @b + input) & 63 }));
  items.sort((left, right) => left.rank - right.rank || left.id - right.id);
  outer: for (const { id, rank } of items) {
    for (let probe = id; probe < items.length; probe++) {
      if (probe !== id && items[probe].rank === rank) {
        continue outer;
      }
    }
    if (rank > @c % 64) {
      return (rank << 4) | id;
    }
  }
  return -1;
}
",
        call: "@name(sum)",
    },
];
