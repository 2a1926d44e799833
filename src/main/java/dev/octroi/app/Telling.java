package dev.octroi.app;

import dev.octroi.db.Purges;
import dev.octroi.notice.Channels;
import dev.octroi.notice.Notices;
import dev.octroi.secret.BlindIndex;
import java.util.Optional;

/**
 * What travellers are told, and where.
 *
 * @param notices empty where no mail server is set
 */
record Telling(Channels channels, Optional<Notices> notices) {

    static Telling open(Ground ground, Settings settings, Access access, Counting counting) {
        Channels channels = new Channels(
                ground.database(),
                ground.sealer(),
                new BlindIndex(ground.keyring()),
                ground.keyring().derive("notice links"),
                ground.ids(),
                ground.clock(),
                settings.mail().isPresent());
        Optional<Notices> notices = settings.mail()
                .map(mail -> new Notices(new Notices.Parts(
                        ground.vertx(),
                        ground.database(),
                        channels,
                        access.links(),
                        counting.reader(),
                        mail,
                        settings.publicAddress(),
                        ground.clock(),
                        ground.random(),
                        settings.callback().scheduleScale(),
                        ground.metrics().registry())));
        return new Telling(channels, notices);
    }

    /** Begins to send, and has it ended in order. */
    void start(Closing closing) {
        notices.ifPresent(each -> {
            each.start();
            closing.addFuture("messages to travellers", each::stop);
        });
    }

    /** Has addresses and messages forgotten that are of no use any more. */
    Purges forgetBy(Purges purges) {
        purges.add("addresses of travellers", channels::purge);
        purges.add("addresses that were asked", channels::purgeAsked);
        purges.add("messages to travellers", channels::purgeMessages);
        return purges;
    }
}
