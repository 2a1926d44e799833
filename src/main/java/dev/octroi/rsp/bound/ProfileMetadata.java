package dev.octroi.rsp.bound;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Tlv;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device shows and a card stores about a profile: StoreMetadataRequest of SGP.22 §5.5.3.
 *
 * <p>The bytes sent before the download and those within the bound package must be the same, or the device cancels
 * with metadataMismatch: encode once and use the result for both.
 *
 * @param iccid the number of the profile
 * @param serviceProviderName at most 32 bytes of UTF-8
 * @param profileName at most 64 bytes of UTF-8
 * @param icon the picture, or null
 * @param profileClass what the profile is for
 * @param notifications which events go where
 * @param owner the operator, or null
 * @param policyRules what the traveller may not do; usually nothing
 */
public record ProfileMetadata(
        Iccid iccid,
        String serviceProviderName,
        String profileName,
        @Nullable ProfileIcon icon,
        ProfileClass profileClass,
        List<NotificationConfiguration> notifications,
        @Nullable ProfileOwner owner,
        Set<PolicyRule> policyRules) {

    /** Rules that an operator can set on a profile; the bits of PprIds, in their order. */
    public enum PolicyRule {
        /** The rule that announces control of updates (bit 0 of the standard). */
        UPDATE_CONTROL(0x80),
        /** PPR1: the profile cannot be disabled. */
        DISABLE_NOT_ALLOWED(0x40),
        /** PPR2: the profile cannot be deleted. */
        DELETE_NOT_ALLOWED(0x20);

        private final int bit;

        PolicyRule(int bit) {
            this.bit = bit;
        }

        /** The rule in a list of bits, as cards write what they forbid. */
        public int bit() {
            return bit;
        }
    }

    private static final int MAX_PROVIDER_BYTES = 32;
    private static final int MAX_NAME_BYTES = 64;

    public ProfileMetadata {
        requireNonNull(iccid, "iccid is null");
        requireNonNull(profileClass, "profileClass is null");
        checkText(serviceProviderName, MAX_PROVIDER_BYTES);
        checkText(profileName, MAX_NAME_BYTES);
        notifications = List.copyOf(notifications);
        policyRules = Set.copyOf(policyRules);
        if (!policyRules.isEmpty() && owner == null) {
            throw new IllegalArgumentException("policy rules need an owner");
        }
    }

    /** The shortest useful metadata: names, all notifications to this server, the owner. */
    public static ProfileMetadata simple(
            Iccid iccid, String serviceProviderName, String profileName, String address, ProfileOwner owner) {
        return new ProfileMetadata(
                iccid,
                serviceProviderName,
                profileName,
                null,
                ProfileClass.OPERATIONAL,
                List.of(NotificationConfiguration.all(address)),
                owner,
                Set.of());
    }

    /** The element BF25. */
    public Tlv encode() {
        List<Tlv> fields = new ArrayList<>();
        fields.add(Tlv.of(0x5A, iccid.efBytes()));
        fields.add(Tlv.utf8(0x91, serviceProviderName));
        fields.add(Tlv.utf8(0x92, profileName));
        if (icon != null) {
            fields.add(Tlv.integer(0x93, icon.type().code()));
            fields.add(Tlv.of(0x94, icon.bytes()));
        }
        // The default value is left out, as DER wants it.
        if (profileClass != ProfileClass.OPERATIONAL) {
            fields.add(Tlv.integer(0x95, profileClass.code()));
        }
        if (!notifications.isEmpty()) {
            fields.add(Tlv.constructed(
                    0xB6,
                    notifications.stream()
                            .map(NotificationConfiguration::encode)
                            .toList()));
        }
        if (owner != null) {
            fields.add(owner.encode());
        }
        if (!policyRules.isEmpty()) {
            fields.add(Tlv.of(0x99, encodeRules()));
        }
        return Tlv.constructed(0xBF25, fields);
    }

    private byte[] encodeRules() {
        int bits = 0;
        for (PolicyRule rule : EnumSet.copyOf(policyRules)) {
            bits |= rule.bit;
        }
        return new byte[] {(byte) Integer.numberOfTrailingZeros(bits), (byte) bits};
    }

    private static void checkText(String text, int maxBytes) {
        if (requireNonNull(text, "text is null").getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new IllegalArgumentException("text longer than %d bytes".formatted(maxBytes));
        }
    }
}
