package dev.octroi.rsp.euicc;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ES10c: enabling, disabling and deleting profiles, under their policy rules (SGP.22 v2.5 §5.7.16 to §5.7.18). */
final class ProfileManagement {
    static final int OK = 0;
    static final int NOT_FOUND = 1;
    static final int WRONG_STATE = 2;
    static final int DISALLOWED_BY_POLICY = 3;

    private final InstalledProfiles profiles;
    private final ProfileInstaller installer;
    private final List<CardIdentity> identities;

    ProfileManagement(InstalledProfiles profiles, ProfileInstaller installer, List<CardIdentity> identities) {
        this.profiles = profiles;
        this.installer = installer;
        this.identities = identities;
    }

    int enable(String iccid) {
        int result = check(iccid, false, null);
        Optional<InstalledProfiles.Entry> before = profiles.enabled();
        if (result == OK && before.isPresent()) {
            result = disable(before.get().profile().iccid());
        }
        return result == OK ? change(iccid, true, CardEvent.ENABLE) : result;
    }

    int disable(String iccid) {
        int result = check(iccid, true, PolicyRule.PPR1);
        return result == OK ? change(iccid, false, CardEvent.DISABLE) : result;
    }

    int delete(String iccid) {
        int result = check(iccid, false, PolicyRule.PPR2);
        if (result == OK) {
            InstalledProfiles.Entry entry = profiles.find(iccid).orElseThrow();
            profiles.remove(iccid);
            tell(CardEvent.DELETE, entry);
        }
        return result;
    }

    private int check(String iccid, boolean enabled, @Nullable PolicyRule forbidding) {
        Optional<InstalledProfiles.Entry> entry = profiles.find(iccid);
        if (entry.isEmpty()) {
            return NOT_FOUND;
        }
        if (entry.get().profile().enabled() != enabled) {
            return WRONG_STATE;
        }
        return forbidding != null && entry.get().metadata().rules().contains(forbidding) ? DISALLOWED_BY_POLICY : OK;
    }

    private int change(String iccid, boolean enabled, CardEvent event) {
        InstalledProfiles.Entry entry = profiles.find(iccid).orElseThrow();
        profiles.replace(entry.enabled(enabled));
        tell(event, entry);
        return OK;
    }

    /** A card speaks of a profile under the CI under which it was delivered. */
    private void tell(CardEvent event, InstalledProfiles.Entry entry) {
        CardIdentity identity = identities.stream()
                .filter(candidate -> candidate.trust().subjectKeyId().equals(entry.ciKeyId()))
                .findFirst()
                .orElse(identities.getFirst());
        installer.notifyOthers(event, entry.metadata(), identity);
    }
}
