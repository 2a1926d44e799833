package dev.octroi.rsp.profile;

import static java.util.Objects.requireNonNull;

/** What came of reading a profile package. */
public sealed interface PackageReading {
    /** It can be used: the places of a subscriber's values are known. */
    record Usable(ProfileTemplate template) implements PackageReading {
        public Usable {
            requireNonNull(template, "template is null");
        }
    }

    /**
     * It cannot be used.
     *
     * @param fault why
     * @param detail where in the package, in a sentence without any of its bytes
     */
    record Refused(PackageFault fault, String detail) implements PackageReading {
        public Refused {
            requireNonNull(fault, "fault is null");
            requireNonNull(detail, "detail is null");
        }
    }
}
