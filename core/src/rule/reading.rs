//! The operators that read the data a rule is evaluated with.

use super::RuleError;
use super::evaluate::{Evaluation, Outcome};
use super::fuel::Exhausted;
use super::scripted::{Scripted, count};
use std::cmp::Ordering;

impl<'v, E> Evaluation<'v, '_, E> {
    pub(super) fn variable(
        &mut self,
        path: &Scripted<'v>,
        default: &Scripted<'v>,
        data: &Scripted<'v>,
    ) -> Result<Scripted<'v>, Exhausted> {
        if path.is_nullish() || path.as_text().is_some_and(str::is_empty) {
            return Ok(data.clone());
        }
        let path = path.to_text(&mut self.fuel)?;
        self.fuel.build(path.len())?;
        let mut found = data.clone();
        for name in path.split('.') {
            if !found.is_nullish() {
                found = found.member(name, &mut self.fuel)?;
            } else if !found.is_undefined() {
                found = Scripted::Undefined;
            }
            if found.is_undefined() {
                return Ok(if default.is_undefined() { Scripted::Null } else { default.clone() });
            }
        }
        Ok(found)
    }

    /// Those of the names at which the data has null, an empty text or nothing.
    pub(super) fn missing(
        &mut self,
        names: Vec<Scripted<'v>>,
        data: &Scripted<'v>,
    ) -> Result<Vec<Scripted<'v>>, Exhausted> {
        let names = match names.first().and_then(Scripted::elements) {
            Some(listed) => listed.iter().collect(),
            None => names,
        };
        let mut missing = Vec::new();
        for name in names {
            self.fuel.spend(1)?;
            // An array is the arguments of `var`: a path and a default.
            let value = match name.elements() {
                Some(arguments) => {
                    let argument = |position| arguments.get(position).unwrap_or(Scripted::Undefined);
                    self.variable(&argument(0), &argument(1), data)?
                }
                None => self.variable(&name, &Scripted::Undefined, data)?,
            };
            if matches!(value, Scripted::Null) || value.as_text().is_some_and(str::is_empty) {
                missing.push(name);
            }
        }
        Ok(missing)
    }

    pub(super) fn missing_some(
        &mut self,
        wanted: &Scripted<'v>,
        names: &Scripted<'v>,
        data: &Scripted<'v>,
    ) -> Outcome<'v, E> {
        let listed = match names.elements() {
            Some(listed) => listed.iter().collect(),
            None => vec![names.clone()],
        };
        let missing = self.missing(listed, data)?;
        if names.is_nullish() {
            return Err(RuleError::NoNames);
        }
        let fuel = &mut self.fuel;
        let all = names.member("length", fuel)?.to_number(fuel)?;
        let there = Scripted::Number(all - count(missing.len()).to_number(fuel)?);
        let enough = there.order(wanted, fuel)?.is_some_and(Ordering::is_ge);
        Ok(Scripted::array(if enough { Vec::new() } else { missing }, fuel)?)
    }
}
