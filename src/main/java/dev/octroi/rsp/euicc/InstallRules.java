package dev.octroi.rsp.euicc;

/** What a card checks of a profile's metadata before it takes the profile (SGP.22 v2.5 §5.5.3, §2.9.2). */
final class InstallRules {
    private final CardFacts facts;
    private final InstalledProfiles profiles;

    InstallRules(CardFacts facts, InstalledProfiles profiles) {
        this.facts = facts;
        this.profiles = profiles;
    }

    void check(ProfileMetadata metadata) throws CardRefusal {
        if (profiles.find(metadata.iccid()).isPresent()) {
            throw new CardRefusal(ErrorReason.ICCID_ALREADY_EXISTS, "the profile is on the card already");
        }
        if (metadata.profileClass() == ProfileMetadata.TEST && !facts.testMode()) {
            throw new CardRefusal(ErrorReason.UNSUPPORTED_PROFILE_CLASS, "test profile outside test mode");
        }
        if (!metadata.rules().isEmpty()) {
            checkRules(metadata);
        }
    }

    private void checkRules(ProfileMetadata metadata) throws CardRefusal {
        if (!metadata.hasOwner()) {
            throw notAllowed("policy rules without the owner of the profile");
        }
        if (metadata.rules().stream().anyMatch(facts.forbiddenRules()::contains)) {
            throw notAllowed("a policy rule that this card allows to nobody");
        }
        boolean other = profiles.entries().stream()
                .anyMatch(entry -> entry.metadata().profileClass() == ProfileMetadata.OPERATIONAL);
        if (metadata.rules().contains(PolicyRule.PPR1) && other) {
            throw notAllowed("PPR1 beside another operational profile");
        }
    }

    private static CardRefusal notAllowed(String why) {
        return new CardRefusal(ErrorReason.PPR_NOT_ALLOWED, why);
    }
}
