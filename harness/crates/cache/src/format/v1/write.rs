//! Writing version 1.

use crate::Miss;
use crate::miss::miss;

use super::{FileV1, MAGIC, VERSION};

impl FileV1 {
    /// The bytes of the file.
    ///
    /// Errors: `bounds` when something has more than 2^32 - 1 bytes or items.
    pub fn write(&self) -> Result<Vec<u8>, Miss> {
        let mut file = Vec::new();
        file.extend(MAGIC);
        number(&mut file, VERSION);
        count(&mut file, self.requests.len())?;
        for request in &self.requests {
            bytes(&mut file, request.specifier.as_bytes())?;
            number(&mut file, u32::from(request.attributes.is_some()));
            if let Some(attributes) = &request.attributes {
                count(&mut file, attributes.len())?;
                for (key, value) in attributes {
                    bytes(&mut file, key.as_bytes())?;
                    bytes(&mut file, value.as_bytes())?;
                }
            }
        }
        count(&mut file, self.imports.len())?;
        for import in &self.imports {
            number(&mut file, import.kind as u32);
            bytes(&mut file, import.module_request.as_bytes())?;
            bytes(&mut file, import.import_name.as_bytes())?;
            bytes(&mut file, import.local_name.as_bytes())?;
        }
        count(&mut file, self.exports.len())?;
        for export in &self.exports {
            number(&mut file, export.kind as u32);
            bytes(&mut file, export.export_name.as_bytes())?;
            bytes(&mut file, export.module_name.as_bytes())?;
            bytes(&mut file, export.import_name.as_bytes())?;
            bytes(&mut file, export.local_name.as_bytes())?;
        }
        count(&mut file, self.stars.len())?;
        for star in &self.stars {
            bytes(&mut file, star.as_bytes())?;
        }
        bytes(&mut file, &self.bytecode)?;
        Ok(file)
    }
}

fn bytes(file: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Miss> {
    count(file, bytes.len())?;
    file.extend_from_slice(bytes);
    Ok(())
}

fn count(file: &mut Vec<u8>, count: usize) -> Result<(), Miss> {
    let count = u32::try_from(count)
        .map_err(|_| miss!(Bounds, "{count} of something do not fit into version 1"))?;
    number(file, count);
    Ok(())
}

fn number(file: &mut Vec<u8>, number: u32) {
    file.extend(number.to_le_bytes());
}
