package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of request bodies a listener has in hand at most, from before the first byte is read until what they asked for is
 * done. When the database is slow requests pile up: each is bounded, and so is their number, but not the product. Beyond the
 * budget the answer is 503 with {@code Retry-After}, before the body is read.
 */
public final class BodyBudget {
    /** Of the largest bodies of all contracts there is always room for some. */
    private static final long MIN_BYTES = 4L * ContractOperation.MAX_BODY_LIMIT_BYTES;

    /**
     * All budgets together may be a sixth of the heap, because what is read out of a body takes about as much as the body, twice.
     * Half of it is for reports of networks.
     */
    private static final int PART_FOR_NETWORKS = 12;

    private static final int PART_FOR_TENANTS = 24;

    private final long maxBytes;
    private final AtomicLong inHand = new AtomicLong();

    /** @param maxBytes in hand at once */
    public BodyBudget(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("a budget is positive");
        }
        this.maxBytes = maxBytes;
    }

    /** For what networks report: a twelfth of the heap, but room for four of the largest bodies at least. */
    public static BodyBudget forNetworks(long heapBytes) {
        return new BodyBudget(Math.max(MIN_BYTES, heapBytes / PART_FOR_NETWORKS));
    }

    /** For what tenants or phones send: half of that, but room for four of the largest bodies at least. */
    public static BodyBudget forTenants(long heapBytes) {
        return new BodyBudget(Math.max(MIN_BYTES, heapBytes / PART_FOR_TENANTS));
    }

    /** Bytes in hand at most. */
    public long maxBytes() {
        return maxBytes;
    }

    /** Bytes in hand. */
    public long inHandBytes() {
        return inHand.get();
    }

    /** Shows the bytes in hand of one listener. */
    public void meter(MeterRegistry registry, String listener) {
        Gauge.builder("octroi.http.bodies", inHand, AtomicLong::get)
                .baseUnit("bytes")
                .tag("listener", requireNonNull(listener, "listener is null"))
                .description("request bodies in hand")
                .register(requireNonNull(registry, "registry is null"));
    }

    /**
     * Takes room for a body of so many bytes.
     *
     * @throws ProblemException when there is none
     */
    Share take(long bytes) {
        if (inHand.addAndGet(bytes) > maxBytes) {
            inHand.addAndGet(-bytes);
            throw Problem.of(
                            ProblemType.UNAVAILABLE,
                            "Too many large requests are waiting; send this again in a second.")
                    .toException()
                    .withHeader("Retry-After", "1");
        }
        return new Share(bytes);
    }

    /** The room of one request. */
    final class Share {
        private long bytes;
        private boolean atWork;

        private Share(long bytes) {
            this.bytes = bytes;
        }

        /** The body has been read and is worked on, even if its sender goes away. */
        synchronized void begin(long bodyBytes) {
            atWork = true;
            resize(bodyBytes);
        }

        /** The work is done. */
        synchronized void done() {
            resize(0);
        }

        /** The request is over: answered, refused or broken off. */
        synchronized void over() {
            if (!atWork) {
                resize(0);
            }
        }

        private void resize(long wanted) {
            inHand.addAndGet(wanted - bytes);
            bytes = wanted;
        }
    }
}
