package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.Cursors.Position;
import dev.octroi.privacy.ExportSection;
import dev.octroi.privacy.Exports;
import dev.octroi.secret.Sensitive;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;

/** An export on the wire, and the cursors of its lists. */
final class ExportJson {
    private static final String SECTIONS = "sections";

    private final Cursors cursors;
    private final InstantSource clock;

    ExportJson(Cursors cursors, InstantSource clock) {
        this.cursors = cursors;
        this.clock = clock;
    }

    /** The document without its lists. */
    JsonObject document(long subscription, Sensitive<JsonObject> about) {
        return new JsonObject()
                .put("id", PublicId.SUBSCRIPTION.format(subscription))
                .put("madeAt", Times.text(clock.instant()))
                .put("about", about.reveal())
                .put(SECTIONS, new JsonObject());
    }

    /** The same with a page of one more list. */
    JsonObject add(JsonObject document, Caller caller, long subscription, Exports.Part part) {
        String next = part.next()
                .map(place -> cursors.encode(list(caller, subscription, part.section()), new Position(place, 0)))
                .orElse(null);
        document.getJsonObject(SECTIONS)
                .put(
                        part.section().word(),
                        new JsonObject()
                                .put("items", new JsonArray(part.items()))
                                .put("next", next));
        return document;
    }

    /** The place that a call's cursor names; empty: the first. */
    String after(ApiCall call, Caller caller, long subscription, ExportSection section) {
        return cursors.after(call, list(caller, subscription, section))
                .map(Position::sort)
                .orElse("");
    }

    private static String list(Caller caller, long subscription, ExportSection section) {
        return caller.tenantId() + "/export/" + subscription + "/" + section.word();
    }
}
