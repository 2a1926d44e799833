package dev.octroi.rsp.euicc;

/** Why an LPA cancels a session (CancelSessionReason, SGP.22 v2.5 §5.7.14). */
enum CancelReason {
    END_USER_REJECTION(0),
    POSTPONED(1),
    PPR_NOT_ALLOWED(3),
    METADATA_MISMATCH(4),
    LOAD_BPP_EXECUTION_ERROR(5);

    private final int code;

    CancelReason(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
