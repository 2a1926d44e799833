package dev.octroi.telemetry;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Writes log lines to standard error without ever waiting for its reader: event loops log each request, and a pipe that
 * nobody empties would stop them all. A line is made on the thread that logs, which knows its request, and handed to a
 * {@link LogQueue}.
 */
public final class LogAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final LogEncoder encoder = new LogEncoder();
    private final OutputStream out;
    private @Nullable LogQueue queue;
    private @Nullable Thread ending;

    /** An appender to standard error. */
    public LogAppender() {
        this(new FileOutputStream(FileDescriptor.err));
    }

    LogAppender(OutputStream out) {
        this.out = out;
    }

    /** Counts lines that the log's reader was too slow for: {@code octroi_log_dropped_total} by level. */
    public static void meter(MeterRegistry registry) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Iterator<?> appenders = context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
            while (appenders.hasNext()) {
                if (appenders.next() instanceof LogAppender appender) {
                    appender.count(registry);
                }
            }
        }
    }

    void count(MeterRegistry registry) {
        for (LogUrgency urgency : LogUrgency.values()) {
            FunctionCounter.builder("octroi.log.dropped", this, each -> each.dropped(urgency))
                    .description("log lines that were dropped because nobody read them in time")
                    .tag("level", urgency.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    long dropped(LogUrgency urgency) {
        LogQueue running = queue;
        return running == null ? 0 : running.dropped(urgency);
    }

    @Override
    public void start() {
        encoder.setContext(getContext());
        encoder.start();
        LogQueue running = new LogQueue(out, this::notice);
        queue = running;
        Thread hook = new Thread(running::end, "octroi-log-end");
        ending = hook;
        Runtime.getRuntime().addShutdownHook(hook);
        super.start();
    }

    @Override
    public void stop() {
        super.stop();
        if (queue != null) {
            queue.close();
        }
        if (ending != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(ending);
            } catch (IllegalStateException alreadyEnding) {
                // The hook runs or has run.
            }
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        requireNonNull(queue, "not started").offer(encoder.encode(event), LogUrgency.of(event.getLevel()));
    }

    private byte[] notice(long lines) {
        Logger logger = ((LoggerContext) getContext()).getLogger(LogAppender.class);
        return encoder.encode(new LoggingEvent(
                LogAppender.class.getName(),
                logger,
                Level.WARN,
                "{} log lines were dropped because nobody read them in time",
                null,
                new Object[] {lines}));
    }
}
