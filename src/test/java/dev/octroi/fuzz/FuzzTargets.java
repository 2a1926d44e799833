package dev.octroi.fuzz;

import java.util.List;

/** All fuzzed decoders. */
final class FuzzTargets {
    private static final List<String> CLASSES = List.of(
            "dev.octroi.rsp.asn1.TlvFuzz",
            "dev.octroi.rsp.cert.CertificateFuzz",
            "dev.octroi.rsp.cert.RevocationListFuzz",
            "dev.octroi.rsp.session.SessionFuzz",
            "dev.octroi.rsp.session.AuthenticateClientFuzz",
            "dev.octroi.rsp.session.PrepareDownloadFuzz",
            "dev.octroi.rsp.session.CancelSessionFuzz",
            "dev.octroi.rsp.notification.CardNotificationFuzz",
            "dev.octroi.rsp.profile.ProfileTemplateFuzz",
            "dev.octroi.rsp.euicc.ActivationCodeFuzz",
            "dev.octroi.rsp.euicc.CardMessagesFuzz",
            "dev.octroi.rsp.euicc.BoundPackageFuzz",
            "dev.octroi.rsp.euicc.PackageContentFuzz",
            "dev.octroi.rsp.euicc.ServerAnswerFuzz",
            "dev.octroi.rsp.euicc.StoredCardFuzz",
            "dev.octroi.api.device.JsonInputFuzz",
            "dev.octroi.api.device.Asn1InputFuzz",
            "dev.octroi.api.operator.Es2BodyFuzz",
            "dev.octroi.api.operator.ProgressBodyFuzz",
            "dev.octroi.rsp.stock.BatchLinesFuzz",
            "dev.octroi.usage.JsonRecordsFuzz",
            "dev.octroi.usage.file.UsageLinesFuzz",
            "dev.octroi.charging.ChargingReaderFuzz",
            "dev.octroi.usage.radius.RadiusFuzz");

    private FuzzTargets() {}

    /** Their short names, such as {@code TlvFuzz}. */
    static List<String> names() {
        return CLASSES.stream().map(FuzzTargets::shortName).toList();
    }

    /** Makes the target with the short name. */
    static FuzzTarget create(String name) throws ReflectiveOperationException {
        for (String type : CLASSES) {
            if (shortName(type).equals(name)) {
                return (FuzzTarget) Class.forName(type).getConstructor().newInstance();
            }
        }
        throw new IllegalArgumentException("no fuzz target " + name + "; there are " + names());
    }

    private static String shortName(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }
}
