use super::*;

#[test]
fn the_same_bytes_for_the_same_seed_and_index() {
    assert_eq!(graph(7, 3), graph(7, 3));
    assert_ne!(graph(7, 3), graph(7, 4));
    assert_ne!(graph(7, 3), graph(8, 3));
}

#[test]
fn dump() {
    for index in 0..4 {
        for (p, t) in graph(7, index).files() { println!("=== {index} {p}\n{t}"); }
    }
}
