//! What a registry and its workflows are to other programs.
