package dev.octroi.rsp.euicc;

import java.util.Set;

/**
 * What a server offers, as the user sees it before the download.
 *
 * @param rules policy rules that come with the profile
 */
public record ProfileOffer(String serviceProvider, String profileName, Set<PolicyRule> rules) {
    public ProfileOffer {
        rules = Set.copyOf(rules);
    }
}
