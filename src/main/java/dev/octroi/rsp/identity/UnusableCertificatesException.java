package dev.octroi.rsp.identity;

import java.util.List;

/** The files of a folder are no whole set of certificates; says everything that is wrong with them. */
public final class UnusableCertificatesException extends Exception {
    private static final long serialVersionUID = 1L;

    /** For one reason or several. */
    public UnusableCertificatesException(List<String> complaints) {
        super(String.join("; ", complaints));
    }
}
