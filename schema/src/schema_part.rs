//! What the members of a JSON Schema hold.

/// What a part of a JSON Schema is. Programs that rewrite schemas tell with it where schemas are, and where data is
/// that only looks like them.
///
/// ```
/// use flowright_schema::SchemaPart;
///
/// let properties = SchemaPart::Schema.member("properties");
/// assert_eq!(properties, SchemaPart::Named);
/// assert_eq!(properties.member("const"), SchemaPart::Schema);
/// assert_eq!(SchemaPart::Schema.member("const"), SchemaPart::Data);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaPart {
    /// A schema, a list of schemas, or what else a keyword takes.
    Schema,
    /// Schemas by name, as in `properties` and `$defs`.
    Named,
    /// A value, whatever it looks like, as in `const` and `default`.
    Data,
}

impl SchemaPart {
    /// What the value of the member `name` is.
    #[must_use]
    pub fn member(self, name: &str) -> SchemaPart {
        match (self, name) {
            (SchemaPart::Data, _)
            | (SchemaPart::Schema, "const" | "enum" | "default" | "examples" | "required") => {
                SchemaPart::Data
            }
            (
                SchemaPart::Schema,
                "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions",
            ) => SchemaPart::Named,
            _ => SchemaPart::Schema,
        }
    }
}
