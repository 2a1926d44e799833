package dev.octroi.rsp.profile;

/** Ends the reading of a package within this package; outside it is a {@link PackageReading.Refused}. */
final class FaultException extends Exception {
    private static final long serialVersionUID = 1L;

    private final PackageFault fault;

    FaultException(PackageFault fault, String detail) {
        super(detail, null, false, false);
        this.fault = fault;
    }

    PackageReading.Refused refused() {
        return new PackageReading.Refused(fault, String.valueOf(getMessage()));
    }
}
