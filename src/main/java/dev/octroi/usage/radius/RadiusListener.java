package dev.octroi.usage.radius;

import static java.util.Objects.requireNonNull;

import dev.octroi.radius.MalformedRadiusException;
import dev.octroi.secret.BlindIndex;
import dev.octroi.usage.RecordResult;
import dev.octroi.usage.Reported;
import dev.octroi.usage.UsageIntake;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes RADIUS accounting (RFC 2866) by UDP. A packet is answered when its record is on disk and never otherwise, so a
 * sender repeats what was not counted. While one batch of a client is being written the next one gathers.
 */
public final class RadiusListener {
    private static final Logger log = LoggerFactory.getLogger(RadiusListener.class);
    private static final int MAX_BATCH = 500;
    private static final int MAX_WAITING = 5_000;
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    private final UsageIntake intake;
    private final AccountingReader reader;
    private final RadiusClients clients;
    private final SessionsBegun begun;
    private final MeterRegistry meters;
    private final Context context;
    private final DatagramSocket socket;
    private final RecentPackets recent = new RecentPackets();
    private final Map<String, Queue> queues = new HashMap<>();

    /** What waits for the next batch of one feed, by whatever way it came. */
    private static final class Queue {
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private boolean writing;
    }

    private record Waiting(
            RecentPackets.Key key,
            SocketAddress sender,
            RadiusClient client,
            RadiusPacket packet,
            Reported record,
            boolean begins,
            Optional<Instant> begunAt) {}

    /**
     * @param intake counts
     * @param index hashes subscribers
     * @param begun hears of sessions that begin, and of those that go on
     * @param meters counts packets by what became of them
     */
    public RadiusListener(
            Vertx vertx,
            UsageIntake intake,
            BlindIndex index,
            RadiusClients clients,
            SessionsBegun begun,
            MeterRegistry meters) {
        this.intake = requireNonNull(intake, "intake is null");
        this.reader = new AccountingReader(index);
        this.clients = requireNonNull(clients, "clients is null");
        this.begun = requireNonNull(begun, "begun is null");
        this.meters = requireNonNull(meters, "meters is null");
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.socket =
                vertx.createDatagramSocket(new DatagramSocketOptions().setReceiveBufferSize(RECEIVE_BUFFER_BYTES));
    }

    /** Binds; gives the port, which is of interest when 0 was asked for. */
    public Future<Integer> listen(String host, int port) {
        socket.handler(packet -> context.runOnContext(now -> take(packet)));
        return socket.listen(port, host).map(bound -> bound.localAddress().port());
    }

    /** Takes no more packets; what is being counted is counted. */
    public Future<Void> close() {
        return socket.close();
    }

    private void take(DatagramPacket datagram) {
        SocketAddress sender = datagram.sender();
        Optional<RadiusClient> client = client(sender);
        if (client.isEmpty()) {
            count("unknown_client");
            return;
        }
        try {
            RadiusPacket packet =
                    RadiusPacket.read(datagram.data().getBytes(), client.get().secret());
            RecentPackets.Key key = RecentPackets.Key.of(sender, packet);
            Instant now = intake.now();
            switch (recent.standing(key, now)) {
                case RecentPackets.Standing.Waiting waiting -> count("repeated");
                case RecentPackets.Standing.Answered answered -> send(sender, answered.response(), "repeated");
                case RecentPackets.Standing.Unknown unknown -> begin(client.get(), sender, packet, key, now);
            }
        } catch (MalformedRadiusException e) {
            // Without an answer, as RFC 2865 §3 wants it: the sender may be somebody else.
            log.debug("a packet of {} was dropped: {}", client.get().name(), e.getMessage());
            count("malformed");
        }
    }

    private void begin(
            RadiusClient client, SocketAddress sender, RadiusPacket packet, RecentPackets.Key key, Instant now)
            throws MalformedRadiusException {
        AccountingRequest request = AccountingRequest.read(packet.attributes());
        if (request.status() == AccountingRequest.Status.SENDER) {
            send(sender, packet.response(client.secret()), "sender");
            return;
        }
        Queue queue = queues.computeIfAbsent(client.name(), name -> new Queue());
        if (queue.waiting.size() >= MAX_WAITING) {
            count("overloaded");
            return;
        }
        recent.begin(key, now);
        queue.waiting.add(new Waiting(
                key,
                sender,
                client,
                packet,
                reader.read(client, request, packet.attributes(), now),
                request.status() == AccountingRequest.Status.START,
                request.begunBefore(now)));
        write(client, queue);
    }

    private void write(RadiusClient client, Queue queue) {
        if (queue.writing || queue.waiting.isEmpty()) {
            return;
        }
        queue.writing = true;
        List<Waiting> batch = new ArrayList<>();
        while (batch.size() < MAX_BATCH && !queue.waiting.isEmpty()) {
            batch.add(queue.waiting.poll());
        }
        // What throws has failed as well: the queue must not wait for it for good.
        Future.succeededFuture()
                .compose(begin -> intake.records(
                        client.feed(), batch.stream().map(Waiting::record).toList()))
                .compose(results -> tellBegun(batch).map(results))
                .onComplete(done -> context.runOnContext(now -> {
                    finish(batch, done.succeeded() ? done.result() : null);
                    if (done.failed()) {
                        log.warn(
                                "{} packets of {} could not be counted and will come again",
                                batch.size(),
                                client.name(),
                                done.cause());
                    }
                    queue.writing = false;
                    write(client, queue);
                }));
    }

    /** Of sessions that begin, and of those whose Start was perhaps never heard. */
    private Future<Void> tellBegun(List<Waiting> batch) {
        List<SessionsBegun.Begun> sessions = new ArrayList<>();
        for (Waiting each : batch) {
            if ((each.begins || each.begunAt.isPresent()) && each.record instanceof Reported.Usage usage) {
                sessions.add(new SessionsBegun.Begun(usage.subscriber(), each.begunAt));
            }
        }
        return sessions.isEmpty() ? Future.succeededFuture() : begun.begun(sessions);
    }

    private void finish(List<Waiting> batch, @Nullable List<RecordResult> results) {
        Instant now = intake.now();
        for (int i = 0; i < batch.size(); i++) {
            Waiting each = batch.get(i);
            if (results == null || results.get(i).verdict() == RecordResult.Verdict.REJECTED) {
                recent.forget(each.key);
                count(results == null ? "failed" : "rejected");
            } else {
                byte[] response = each.packet.response(each.client.secret());
                recent.answered(each.key, response, now);
                send(each.sender, response, results.get(i).verdict().word());
            }
        }
    }

    private Optional<RadiusClient> client(SocketAddress sender) {
        try {
            // The address of a datagram is a number: nothing is looked up.
            return clients.find(InetAddress.getByName(sender.hostAddress()));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private void send(SocketAddress sender, byte[] response, String result) {
        count(result);
        socket.send(Buffer.buffer(response), sender.port(), sender.hostAddress())
                .onFailure(failure -> log.debug("an answer was not sent; its packet will come again", failure));
    }

    private void count(String result) {
        meters.counter("octroi.radius.packets", "result", result).increment();
    }
}
