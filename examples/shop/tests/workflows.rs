//! Every workflow of the shop is right: a test for each.

flowright::test_workflows!(flowright_examples_shop::registry(), "workflows/**/*.json");
