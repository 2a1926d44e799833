package dev.octroi.support;

import dev.octroi.drain.Savings;
import dev.octroi.policy.Level;
import dev.octroi.quota.account.DrainHold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When the traffic of an alarm was held back.
 *
 * @param holds closed at the moment of the look where they hold on
 * @param isOfCategory whether only the alarm's category was, so that what passed in others says nothing
 * @param leftBytes what was left of the volume at the first
 */
record HeldTimes(List<Savings.Hold> holds, boolean isOfCategory, long leftBytes) {
    HeldTimes {
        holds = List.copyOf(holds);
    }

    /**
     * Reads it from how its holds moved.
     *
     * @param moves in order
     * @param now the moment of the look
     */
    static HeldTimes of(SavingsStore.Due alarm, List<SavingsStore.Move> moves, Instant now) {
        String ofCategory = DrainHold.id(alarm.incident(), alarm.category());
        List<SavingsStore.Move> relevant = moves.stream()
                .filter(move -> move.id().equals(DrainHold.id(alarm.incident()))
                        || move.id().equals(ofCategory))
                .toList();
        List<Savings.Hold> holds = new ArrayList<>();
        Map<String, SavingsStore.Move> begun = new HashMap<>();
        for (SavingsStore.Move move : relevant) {
            close(holds, begun.remove(move.id()), move.at());
            if (move.level() != null) {
                begun.put(move.id(), move);
            }
        }
        begun.values().forEach(open -> close(holds, open, now));
        return new HeldTimes(
                holds,
                relevant.stream().allMatch(move -> move.id().equals(ofCategory)),
                relevant.isEmpty() ? 0 : relevant.getFirst().leftBytes());
    }

    private static void close(List<Savings.Hold> holds, SavingsStore.@Nullable Move begun, Instant at) {
        if (begun == null) {
            return;
        }
        Instant end = begun.until().filter(until -> until.isBefore(at)).orElse(at);
        if (end.isAfter(begun.at())) {
            holds.add(new Savings.Hold(begun.at(), end, begun.level() == Level.THROTTLED ? begun.kbps() : 0));
        }
    }
}
