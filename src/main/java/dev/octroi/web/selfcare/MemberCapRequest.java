package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.quota.account.MemberCap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A member's cap as the owner's form asks for it.
 *
 * @param member the form's word for the member, see {@link FormGuard#member}
 * @param cap empty: none any more
 */
record MemberCapRequest(String member, Optional<MemberCap> cap) {
    /** Words of the windows that can be chosen. */
    static final List<String> WINDOWS =
            Stream.of(MemberCap.Window.values()).map(MemberCap.Window::word).toList();

    private static final long MB = 1_000_000L;

    MemberCapRequest {
        requireNonNull(member, "member is null");
        requireNonNull(cap, "cap is null");
    }

    /** Reads the form: {@code member}; {@code mb}, empty for no cap; {@code window}. Empty when it is not one. */
    static Optional<MemberCapRequest> ofForm(Map<String, String> form) {
        String member = form.getOrDefault("member", "");
        String mb = form.getOrDefault("mb", "").strip();
        if (mb.isEmpty()) {
            return Optional.of(new MemberCapRequest(member, Optional.empty()));
        }
        // Nothing at all is no cap but a pause, and whoever writes 0 may mean no limit.
        if (!mb.matches("[0-9]{1,7}") || Long.parseLong(mb) == 0) {
            return Optional.empty();
        }
        return MemberCap.Window.of(form.getOrDefault("window", ""))
                .map(window ->
                        new MemberCapRequest(member, Optional.of(new MemberCap(Long.parseLong(mb) * MB, window))));
    }
}
