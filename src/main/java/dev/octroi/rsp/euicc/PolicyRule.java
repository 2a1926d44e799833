package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Profile policy rules (SGP.22 v2.5 §2.9.1), which bind the user to a profile. */
public enum PolicyRule {
    /** The profile may not be disabled. */
    PPR1(0x40),
    /** The profile may not be deleted. */
    PPR2(0x20);

    private final int mask;

    PolicyRule(int mask) {
        this.mask = mask;
    }

    /** Reads PprIds, a bit string whose first bit (pprUpdateControl) is no rule. */
    static Set<PolicyRule> read(Tlv bits) throws MalformedTlvException {
        byte[] value = bits.asBytes(1, 4);
        Set<PolicyRule> rules = EnumSet.noneOf(PolicyRule.class);
        for (PolicyRule rule : values()) {
            if (value.length > 1 && (value[1] & rule.mask) != 0) {
                rules.add(rule);
            }
        }
        return Collections.unmodifiableSet(rules);
    }

    /** Writes PprIds with the tag, in the shortest form. */
    static Tlv write(int tag, Set<PolicyRule> rules) {
        if (rules.isEmpty()) {
            return Tlv.of(tag, new byte[] {0});
        }
        int bits = rules.stream().mapToInt(rule -> rule.mask).reduce(0, (a, b) -> a | b);
        return Tlv.of(tag, new byte[] {(byte) Integer.numberOfTrailingZeros(bits), (byte) bits});
    }

    /** Reads names separated by commas, such as {@code ppr1,ppr2}; nothing gives no rule. */
    public static Set<PolicyRule> named(String names) {
        Set<PolicyRule> rules = EnumSet.noneOf(PolicyRule.class);
        Arrays.stream(names.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(name -> rules.add(valueOf(name.toUpperCase(java.util.Locale.ROOT))));
        return rules;
    }
}
