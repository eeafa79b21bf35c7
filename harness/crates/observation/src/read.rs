//! The bridge's observation as values.

use super::stream::{Malformed, Stream};
use super::types::{BuiltinChange, DynamicImport, Evaluation, Module};
use super::value::{Content, Inner, Object, Promise, Property, SymbolKind, Value};

/// What the bridge tells.
#[derive(Debug, Default)]
pub struct Told {
    pub modules: Vec<Module>,
    pub evaluations: Vec<Evaluation>,
    pub imports: Vec<DynamicImport>,
    pub uncaught: Option<Value>,
    pub builtins: Vec<BuiltinChange>,
    pub objects: Vec<Object>,
    pub undescribed: u32,
}

type Read<T> = Result<T, Malformed>;

/// Reads a whole observation.
pub fn read(stream: Stream<'_>) -> Read<Told> {
    let mut reader = Reader {
        stream,
        symbols: Vec::new(),
    };
    let mut told = Told {
        modules: reader.list(Reader::module)?,
        ..Told::default()
    };
    told.evaluations = reader.list(|it| it.evaluation(&told.modules))?;
    told.imports = reader.list(Reader::dynamic_import)?;
    told.uncaught = Some(reader.value()?);
    while reader.stream.u8()? == 1 {
        told.builtins.push(reader.builtin_change()?);
    }
    while reader.stream.u8()? == 1 {
        told.objects.push(reader.object()?);
    }
    told.undescribed = reader.stream.u32()?;
    if reader.stream.is_at_end() {
        Ok(told)
    } else {
        reader.stream.malformed()
    }
}

struct Reader<'a> {
    stream: Stream<'a>,
    symbols: Vec<(SymbolKind, String)>,
}

impl Reader<'_> {
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let count = self.stream.u32()?;
        (0..count).map(|_| item(self)).collect()
    }

    fn module(&mut self) -> Read<Module> {
        Ok(Module {
            module: self.stream.module()?,
            source_text: self.stream.u8()? == 1,
            namespace: self.value()?,
            meta: self.value()?,
        })
    }

    fn evaluation(&mut self, modules: &[Module]) -> Read<Evaluation> {
        let module = self.stream.u32()? as usize;
        let flags = self.stream.u8()?;
        Ok(Evaluation {
            module: modules
                .get(module)
                .map_or_else(|| "(not linked)".to_owned(), |it| it.module.clone()),
            resumed: flags & 1 != 0,
            threw: flags & 2 != 0,
        })
    }

    fn dynamic_import(&mut self) -> Read<DynamicImport> {
        Ok(DynamicImport {
            referrer: self.stream.module()?,
            specifier: self.stream.name()?,
            attribute: self.stream.u8()?,
            promise: self.promise()?,
        })
    }

    fn builtin_change(&mut self) -> Read<BuiltinChange> {
        let path = self.stream.name()?;
        let (what, has_property) = match self.stream.u8()? {
            0 => ("added", true),
            1 => ("changed", true),
            2 => ("removed", false),
            3 => ("prototype", false),
            4 => ("extensible", false),
            _ => return self.stream.malformed(),
        };
        Ok(BuiltinChange {
            path,
            what: what.to_owned(),
            property: has_property.then(|| self.property()).transpose()?,
        })
    }

    fn object(&mut self) -> Read<Object> {
        let flags = self.stream.u8()?;
        Ok(Object {
            class: self.stream.name()?,
            prototype: self.value()?,
            extensible: flags & 1 != 0,
            inner: self.inner()?,
            properties: self.list(|it| Ok((it.value()?, it.property()?)))?,
            cut: flags & 2 != 0,
        })
    }

    fn property(&mut self) -> Read<Property> {
        let bits = self.stream.u8()?;
        let attributes = [(1, 'w'), (2, 'e'), (4, 'c')]
            .into_iter()
            .filter(|(bit, _)| bits & bit != 0)
            .map(|(_, letter)| letter)
            .collect();
        let content = if bits & 8 == 0 {
            Content::Value(self.value()?)
        } else {
            Content::Accessor(self.value()?, self.value()?)
        };
        Ok(Property {
            attributes,
            content,
        })
    }

    fn inner(&mut self) -> Read<Inner> {
        Ok(match self.stream.u8()? {
            0 => Inner::None,
            1 => Inner::Function {
                text: self.stream.text()?,
                module: self.stream.module()?,
                line: self.stream.u32()?,
                column: self.stream.u32()?,
            },
            2 => Inner::Bound {
                target: self.value()?,
                this: self.value()?,
                arguments: self.list(Self::value)?,
            },
            3 => Inner::Proxy {
                target: self.value()?,
                handler: self.value()?,
            },
            4 => Inner::Map(self.list(|it| Ok((it.value()?, it.value()?)))?),
            5 => Inner::Set(self.list(Self::value)?),
            6 => Inner::Date(number(self.stream.f64()?)),
            7 => Inner::RegExp {
                pattern: self.stream.text()?,
                flags: self.stream.name()?,
            },
            8 => Inner::Primitive(self.value()?),
            9 => Inner::Bytes(self.stream.bytes()?),
            10 => Inner::Promise(self.promise()?),
            11 => Inner::Namespace(self.stream.module()?),
            _ => return self.stream.malformed(),
        })
    }

    fn promise(&mut self) -> Read<Promise> {
        let state = self.stream.u8()?;
        let result = self.value()?;
        Ok(match state {
            0 => Promise::Pending,
            1 => Promise::Fulfilled(result),
            2 => Promise::Rejected(result),
            _ => return self.stream.malformed(),
        })
    }

    fn value(&mut self) -> Read<Value> {
        Ok(match self.stream.u8()? {
            0 => Value::Nothing,
            1 => Value::Undefined,
            2 => Value::Null,
            3 => Value::Boolean(false),
            4 => Value::Boolean(true),
            5 => Value::Number(number(self.stream.f64()?)),
            6 => Value::String(self.stream.text()?),
            7 => Value::BigInt(self.stream.text()?),
            8 => return self.symbol(),
            9 => Value::Object(self.stream.u32()?),
            10 => Value::Builtin(self.stream.name()?),
            11 => Value::Unlinked,
            _ => return self.stream.malformed(),
        })
    }

    fn symbol(&mut self) -> Read<Value> {
        let index = self.stream.u32()?;
        if index as usize == self.symbols.len() {
            let kind = match self.stream.u8()? {
                0 => SymbolKind::Unique,
                1 => SymbolKind::Registered,
                2 => SymbolKind::PrivateName,
                _ => return self.stream.malformed(),
            };
            self.symbols.push((kind, self.stream.name()?));
        }
        match self.symbols.get(index as usize) {
            Some((kind, description)) => Ok(Value::Symbol(index, *kind, description.clone())),
            None => self.stream.malformed(),
        }
    }
}

/// A number as JavaScript shows it, except `-0`.
fn number(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    format!("{value}")
}
