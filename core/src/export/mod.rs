//! What a registry and its workflows are to other programs.

mod inlined;
mod public_actions;
