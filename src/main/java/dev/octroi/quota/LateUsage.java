package dev.octroi.quota;

import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Late;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts the records that came for a closed window or an ended plan; from any thread. */
public final class LateUsage {
    private final Map<Late, LongAdder> records = new EnumMap<>(Late.class);

    LateUsage() {
        for (Late each : Late.values()) {
            records.put(each, new LongAdder());
        }
    }

    /** How many there were since the start, of one kind. */
    public long records(Late kind) {
        LongAdder adder = records.get(kind);
        return adder == null ? 0 : adder.sum();
    }

    void add(List<Sink.Addressed<Effect.LateCounted>> committed) {
        for (Sink.Addressed<Effect.LateCounted> late : committed) {
            LongAdder adder = records.get(late.effect().kind());
            if (adder != null) {
                adder.increment();
            }
        }
    }
}
