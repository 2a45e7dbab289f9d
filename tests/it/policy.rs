//! Who may do what, as a table that a change of the policy must change.

use std::fmt::Write as _;

use api::access::{Action, Role, policy};

#[test]
fn the_policy_is_the_committed_table() {
    let mut table = format!("{:<32}", "role");
    for action in Action::ALL {
        write!(table, " {:>16}", action.as_str()).expect("a text");
    }
    write!(table, "\n{:<32}", "a client's scope").expect("a text");
    for action in Action::ALL {
        let scope = policy::scope(*action).map_or("✘", |scope| scope.as_str());
        write!(table, " {scope:>16}").expect("a text");
    }
    for role in Role::ALL {
        for (may_approve, suffix) in [(false, ""), (true, " + mayApprove")] {
            write!(table, "\n{:<32}", format!("{}{suffix}", role.as_str())).expect("a text");
            for action in Action::ALL {
                let reach = policy::reach(*role, may_approve, *action);
                write!(table, " {:>16}", reach.as_str()).expect("a text");
            }
        }
    }
    assert_eq!(format!("{table}\n"), include_str!("policy.txt"), "tests/it/policy.txt differs");
}
