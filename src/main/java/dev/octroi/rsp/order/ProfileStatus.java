package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.session.TransactionId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a profile that changes; immutable.
 *
 * @param state at the server
 * @param presence on the card
 * @param errorCause set in state ERROR only
 * @param errorDetail more about the cause, without identifiers
 * @param card the card that reserved or fetched the profile, or null
 * @param downloads attempts to download: admitted sessions, and packages bound anew within one
 * @param confirmations wrong confirmation codes
 * @param binding the last package, or null
 * @param lastSequence the highest notification number applied, -1 before the first
 * @param progressNo number of steps in the timeline
 * @param life which life of the profile this is, and what happened in it
 */
public record ProfileStatus(
        ProfileState state,
        CardPresence presence,
        @Nullable ErrorCause errorCause,
        @Nullable String errorDetail,
        @Nullable CardReference card,
        int downloads,
        int confirmations,
        @Nullable BindingReference binding,
        long lastSequence,
        int progressNo,
        Life life) {

    /**
     * A life of a profile: from its release, or from a reset, to the next reset.
     *
     * @param no 1 for the first
     * @param failedInstalls installations that the card reported as failed
     */
    public record Life(int no, int failedInstalls) {
        static final Life FIRST = new Life(1, 0);

        /** One more failed installation. */
        Life withFailedInstall() {
            return new Life(no, failedInstalls + 1);
        }

        /** The one after this. */
        Life next() {
            return new Life(no + 1, 0);
        }
    }

    /**
     * A card, without its number in clear.
     *
     * @param index keyed hash of the EID
     * @param sealed the EID sealed for the row
     * @param reserved whether the order names the card; if not, it only was the first to come
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record CardReference(ByteBuffer index, byte[] sealed, boolean reserved) {
        /** The hash as bytes. */
        byte[] indexBytes() {
            byte[] bytes = new byte[index.remaining()];
            index.duplicate().get(bytes);
            return bytes;
        }
    }

    /**
     * The package that was made last.
     *
     * @param transactionId of the session that made it
     * @param oneTimeKey the card's one-time key for which it was made
     * @param cardCurve name of the curve of the card's key
     * @param cardKey PK.EUICC, which signs the result
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record BindingReference(TransactionId transactionId, byte[] oneTimeKey, String cardCurve, byte[] cardKey) {}

    public ProfileStatus {
        requireNonNull(state, "state is null");
        requireNonNull(presence, "presence is null");
        requireNonNull(life, "life is null");
        if ((state == ProfileState.ERROR) != (errorCause != null)) {
            throw new IllegalArgumentException("a cause belongs to an error");
        }
    }

    /** A status at the start of an order. */
    static ProfileStatus initial(ProfileState state, @Nullable CardReference card) {
        return new ProfileStatus(state, CardPresence.NONE, null, null, card, 0, 0, null, -1, 1, Life.FIRST);
    }

    ProfileStatus withState(ProfileState next) {
        return new ProfileStatus(
                next, presence, null, null, card, downloads, confirmations, binding, lastSequence, progressNo, life);
    }

    ProfileStatus failed(ErrorCause cause, @Nullable String detail) {
        return new ProfileStatus(
                ProfileState.ERROR,
                presence,
                cause,
                detail,
                card,
                downloads,
                confirmations,
                binding,
                lastSequence,
                progressNo,
                life);
    }

    ProfileStatus withWrongConfirmation() {
        return new ProfileStatus(
                state,
                presence,
                errorCause,
                errorDetail,
                card,
                downloads,
                confirmations + 1,
                binding,
                lastSequence,
                progressNo,
                life);
    }

    /** One more attempt, or one fewer when it did not come to a download. */
    ProfileStatus withAttempts(int more) {
        return new ProfileStatus(
                state,
                presence,
                errorCause,
                errorDetail,
                card,
                Math.max(0, downloads + more),
                confirmations,
                binding,
                lastSequence,
                progressNo,
                life);
    }

    ProfileStatus downloaded(CardReference by, BindingReference bound, int delivered) {
        return new ProfileStatus(
                ProfileState.DOWNLOADED,
                presence,
                null,
                null,
                by,
                delivered,
                confirmations,
                bound,
                lastSequence,
                progressNo,
                life);
    }

    ProfileStatus onCard(CardPresence next, long sequence) {
        return new ProfileStatus(
                state,
                next,
                errorCause,
                errorDetail,
                card,
                downloads,
                confirmations,
                binding,
                sequence,
                progressNo,
                life);
    }

    ProfileStatus withProgress(int no) {
        return new ProfileStatus(
                state,
                presence,
                errorCause,
                errorDetail,
                card,
                downloads,
                confirmations,
                binding,
                lastSequence,
                no,
                life);
    }

    /** The card could not install the package, and said why; it may be fetched again, by any card that may have it. */
    ProfileStatus returned() {
        return new ProfileStatus(
                ProfileState.RELEASED,
                CardPresence.NONE,
                null,
                null,
                reservation(),
                downloads,
                confirmations,
                null,
                sequenceFor(reservation()),
                progressNo,
                life.withFailedInstall());
    }

    /** The card could not install the package, and never will. */
    ProfileStatus notInstalled(String detail) {
        ProfileStatus failed = failed(ErrorCause.INSTALL_FAILED, detail);
        return failed.in(life.withFailedInstall());
    }

    /** A new life: released, with counters at zero, for the card that is given. */
    ProfileStatus reset(@Nullable CardReference reserved) {
        return new ProfileStatus(
                ProfileState.RELEASED,
                CardPresence.NONE,
                null,
                null,
                reserved,
                0,
                0,
                null,
                sequenceFor(reserved),
                progressNo,
                life.next());
    }

    /** Another card has another counter. */
    private long sequenceFor(@Nullable CardReference next) {
        boolean same = next != null && card != null && next.index().equals(card.index());
        return same ? lastSequence : -1;
    }

    /** The card that the order names; one that only was the first to come is none. */
    @Nullable
    CardReference reservation() {
        return card != null && card.reserved() ? card : null;
    }

    private ProfileStatus in(Life other) {
        return new ProfileStatus(
                state,
                presence,
                errorCause,
                errorDetail,
                card,
                downloads,
                confirmations,
                binding,
                lastSequence,
                progressNo,
                other);
    }
}
