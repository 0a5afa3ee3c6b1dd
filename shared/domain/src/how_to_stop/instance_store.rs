//! Which instance types have disks of their own, whose data is lost when the instance stops.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html>

/// What a type says about its local disks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LocalDisks {
    /// It has some.
    Some,
    /// It has some, and its root may be one of them: then it cannot be stopped.
    MaybeRoot,
    /// It has none.
    None,
    /// The type is not known.
    Unknown,
}

/// Families with local disks whose letters do not say so.
const FAMILIES: [&str; 23] = [
    "cg1", "dl1", "f1", "f2", "g5", "g6", "g6e", "g6f", "g7e", "gr6", "gr6f", "h1", "p5", "p5e",
    "p5en", "p6", "p6e", "trn1", "trn1n", "trn2", "trn2u", "x1", "x1e",
];
/// Families old enough for a root on a local disk.
const ROOTS: [&str; 12] =
    ["c1", "c3", "cc2", "cr1", "d2", "g2", "hs1", "i2", "m1", "m2", "m3", "r3"];

/// By the family: `m5d` of `m5d.large`. A `d` after the generation means disks, and all of `d`,
/// `i`, `im` and `is` have them.
pub(crate) fn local_disks(instance_type: &str) -> LocalDisks {
    let Some((family, _)) = instance_type.split_once('.') else { return LocalDisks::Unknown };
    let family = family.split('-').next().unwrap_or(family);
    let digit = family.find(|c: char| c.is_ascii_digit()).unwrap_or(family.len());
    let (kind, suffix) = family.split_at(digit);
    if ROOTS.contains(&family) {
        LocalDisks::MaybeRoot
    } else if FAMILIES.contains(&family)
        || matches!(kind, "d" | "i" | "im" | "is")
        || suffix.contains('d')
    {
        LocalDisks::Some
    } else {
        LocalDisks::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(families: &str, expected: LocalDisks) {
        for family in families.split(' ') {
            assert_eq!(local_disks(&format!("{family}.metal")), expected, "{family}");
        }
    }

    #[test]
    fn a_family_with_disks_of_its_own_is_known_by_its_letters_or_by_name() {
        all(
            "c5ad c5d c6gd c6id c7gd c8gd d3 d3en dl1 f1 f2 g4ad g4dn g5 g6 g6e gr6 h1 hpc6id i3 \
             i3en i4g i4i i7i i7ie i8g i8ge im4gn is4gen m5ad m5d m5dn m6gd m6id m6idn m7gd m8gd \
             p3dn p4d p4de p5 p5e p5en p6-b200 r5ad r5d r5dn r6gd r6id r6idn r7gd r8gd trn1 trn1n \
             trn2 x1 x1e x2gd x2idn x2iedn z1d",
            LocalDisks::Some,
        );
        all("c1 c3 cc2 cr1 d2 g2 hs1 i2 m1 m2 m3 r3", LocalDisks::MaybeRoot);
    }

    #[test]
    fn a_family_without_disks_is_not_taken_for_one_with_them() {
        all(
            "a1 c4 c5 c5a c5n c6a c6g c6gn c6i c6in c7a c7g c7gn c7i c7i-flex c8g c8gn dl2q g3 g3s \
             g5g hpc6a hpc7a hpc7g inf1 inf2 m4 m5 m5a m5n m5zn m6a m6g m6i m6in m7a m7g m7i \
             m7i-flex m8g mac1 mac2-m2pro p2 p3 r4 r5 r5a r5b r5n r6a r6g r6i r6in r7a r7g r7i r7iz \
             r8g t2 t3 t3a t4g u-6tb1 u7i-12tb u7in-16tb vt1 x2iezn x8g",
            LocalDisks::None,
        );
    }

    #[test]
    fn of_an_unknown_type_nothing_is_claimed() {
        assert_eq!(local_disks("unknown"), LocalDisks::Unknown);
        assert_eq!(local_disks(""), LocalDisks::Unknown);
    }
}
