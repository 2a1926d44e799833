package dev.octroi.rsp.profile;

import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Plmn;
import java.util.List;

/** Unprotected profile packages: the check, the places of a subscriber's values, and the writing into them. */
public final class ProfileTemplateFuzz implements FuzzTarget {
    private static final Subscriber SUBSCRIBER =
            new Subscriber(new Iccid("8933012345678901238"), new Imsi("208011234567890"), new byte[16], new byte[16]);

    @Override
    public void feed(byte[] input) {
        try {
            ProfileTemplate template = ProfileTemplate.read(input);
            template.profileType();
            if (template.personalise(SUBSCRIBER).length != input.length) {
                throw new IllegalStateException("personalising changed the length");
            }
        } catch (MalformedTlvException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() {
        ProfileTemplate minimal = MinimalProfile.template("Octroi travel", "Octroi", new Plmn("208", "01"));
        return List.of(minimal.unprotected(), minimal.personalise(SUBSCRIBER));
    }
}
