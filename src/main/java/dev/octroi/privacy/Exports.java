package dev.octroi.privacy;

import static java.util.Objects.requireNonNull;

import dev.octroi.notice.Channel;
import dev.octroi.notice.Channels;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives out what is held of one traveller, for whoever has to answer the traveller's question. Worker role. */
public final class Exports {
    private final Cards cards;
    private final Channels channels;
    private final TravellerStore travellers = new TravellerStore();
    private final ExportStore store = new ExportStore();

    public Exports(Cards cards, Channels channels) {
        this.cards = requireNonNull(cards, "cards is null");
        this.channels = requireNonNull(channels, "channels is null");
    }

    /**
     * A page of a section.
     *
     * @param section which
     * @param items its rows, oldest first
     * @param next the place of the last one where there are more; empty: there are none
     */
    public record Part(ExportSection section, List<JsonObject> items, Optional<String> next) {
        public Part {
            items = List.copyOf(items);
        }
    }

    /** By what a subscription's rows are found; empty when the tenant has none. */
    public Future<Optional<Traveller>> find(SqlConnection connection, int tenantId, long subscriptionId) {
        return travellers.find(connection, tenantId, subscriptionId);
    }

    /** What is held once: the sale, the account's own values, numbers of the card, and the address for messages. */
    public Future<Sensitive<JsonObject>> about(SqlConnection connection, Traveller of) {
        return travellers
                .about(connection, of.tenantId(), of.subscriptionId())
                .compose(about -> numbers(connection, of)
                        .map(numbers -> about.mergeIn(numbers))
                        .compose(with -> channels.find(connection, of.tenantId(), of.subscriptionId()))
                        .map(channel -> Sensitive.of(with(about, channel))));
    }

    private static JsonObject with(JsonObject about, Optional<Channel> channel) {
        channel.ifPresent(each -> about.put("mail", each.address().reveal())
                .put("mailState", each.state().word())
                .put("mailLanguage", each.wish().language()));
        return about;
    }

    /** The numbers of the profile that the subscription has, and of those that were replaced. */
    private Future<JsonObject> numbers(SqlConnection connection, Traveller of) {
        Future<JsonObject> read = Future.succeededFuture(new JsonObject());
        for (long profile : of.profiles()) {
            read = read.compose(found ->
                    cards.identifiers(connection, of.tenantId(), profile).map(more -> merged(found, more)));
        }
        return read;
    }

    private static JsonObject merged(JsonObject found, JsonObject more) {
        more.forEach(each -> {
            List<String> all = new ArrayList<>();
            String name = each.getKey() + "s";
            found.getJsonArray(name, new JsonArray()).forEach(one -> all.add((String) one));
            all.add((String) each.getValue());
            found.put(name, new JsonArray(all));
        });
        return found;
    }

    /** A page of one section. */
    public Future<Part> part(SqlConnection connection, Traveller of, ExportSection section, String after, int limit) {
        return store.page(connection, of, section, after, limit + 1).map(rows -> {
            boolean more = rows.size() > limit;
            List<ExportStore.Item> shown = more ? rows.subList(0, limit) : rows;
            return new Part(
                    section,
                    shown.stream().map(ExportStore.Item::item).toList(),
                    more ? Optional.of(shown.getLast().place()) : Optional.empty());
        });
    }
}
