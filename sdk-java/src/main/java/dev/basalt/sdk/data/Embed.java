package dev.basalt.sdk.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a related table inside those of a query: one where the foreign key points to one, else a list. Its conditions,
 * order and limits are about the related rows. Immutable.
 *
 * <pre>{@code
 * from("books").select(column("title"), embed("reviews", all()).gte("stars", 4).order("id").limit(3))
 * }</pre>
 */
public final class Embed implements Selection, FilteredQuery<Embed> {
    /** Whether rows without related ones are left out. */
    private enum Join {
        LEFT,
        INNER
    }

    private final String relation;
    private final boolean isSpread;
    private final @Nullable String alias;
    private final @Nullable String hint;
    private final @Nullable Join join;
    private final List<Selection> selections;
    private final List<Filter> filters;
    private final List<String> order;
    private final Map<String, Long> page;

    private Embed(
            String relation,
            boolean isSpread,
            @Nullable String alias,
            @Nullable String hint,
            @Nullable Join join,
            List<Selection> selections,
            List<Filter> filters,
            List<String> order,
            Map<String, Long> page) {
        this.relation = relation;
        this.isSpread = isSpread;
        this.alias = alias;
        this.hint = hint;
        this.join = join;
        this.selections = List.copyOf(selections);
        this.filters = List.copyOf(filters);
        this.order = List.copyOf(order);
        this.page = Map.copyOf(page);
    }

    /** Related rows with these parts; with all columns if none is given. Named by table, view, function or foreign key. */
    public static Embed embed(String relation, Selection... selections) {
        return of(relation, false, selections.length == 0 ? List.of(Selection.all()) : List.of(selections));
    }

    /** The parts of the one related row as if they were the row's own. */
    public static Embed spread(String relation, Selection... selections) {
        return of(relation, true, selections.length == 0 ? List.of(Selection.all()) : List.of(selections));
    }

    /** Related rows that are not read, to filter or sort by. */
    public static Embed unread(String relation) {
        return of(relation, false, List.of());
    }

    private static Embed of(String relation, boolean isSpread, List<Selection> selections) {
        return new Embed(relation, isSpread, null, null, null, selections, List.of(), List.of(), Map.of());
    }

    /** Reads them under another name, by which conditions and order outside know them, too. */
    public Embed as(String name) {
        if (isSpread) throw new IllegalArgumentException("what is spread has no name of its own");
        return new Embed(relation, false, name, hint, join, selections, filters, order, page);
    }

    /** Says by which foreign key, column or join table they are related. */
    public Embed hint(String name) {
        return new Embed(relation, isSpread, alias, name, join, selections, filters, order, page);
    }

    /** Leaves out rows without related ones that meet the conditions. */
    public Embed inner() {
        return new Embed(relation, isSpread, alias, hint, Join.INNER, selections, filters, order, page);
    }

    /** Keeps rows without related ones, as happens if nothing is said. */
    public Embed left() {
        return new Embed(relation, isSpread, alias, hint, Join.LEFT, selections, filters, order, page);
    }

    @Override
    public Embed where(Filter filter) {
        var more = new ArrayList<>(filters);
        more.add(filter);
        return new Embed(relation, isSpread, alias, hint, join, selections, more, order, page);
    }

    @Override
    public Embed order(Column column, Order direction) {
        var more = new ArrayList<>(order);
        more.add(direction.of(column));
        return new Embed(relation, isSpread, alias, hint, join, selections, filters, more, page);
    }

    @Override
    public Embed limit(long rows) {
        return page("limit", rows);
    }

    /** Passes over so many related rows of each row first. */
    public Embed offset(long rows) {
        return page("offset", rows);
    }

    private Embed page(String name, long rows) {
        if (rows < 0) throw new IllegalArgumentException("the " + name + " is 0 or more");
        var changed = new HashMap<>(page);
        changed.put(name, rows);
        return new Embed(relation, isSpread, alias, hint, join, selections, filters, order, changed);
    }

    @Override
    public String written() {
        return (isSpread ? "..." : "")
                + (alias == null ? "" : Quoting.name(alias) + ":")
                + Quoting.name(relation)
                + (hint == null ? "" : "!" + Quoting.name(hint))
                + switch (join) {
                    case INNER -> "!inner";
                    case LEFT -> "!left";
                    case null -> "";
                }
                + "(" + Selection.written(selections) + ")";
    }

    /** The parameters that its conditions, order and limits and those of what it embeds are. */
    List<Map.Entry<String, String>> parameters() {
        return parameters(List.of());
    }

    private List<Map.Entry<String, String>> parameters(List<String> outer) {
        var path = new ArrayList<>(outer);
        path.add(alias == null ? relation : alias);
        var all = new ArrayList<Map.Entry<String, String>>();
        for (Filter filter : filters) {
            Filter placed = filter;
            for (String name : path.reversed()) placed = placed.of(name);
            all.add(placed.parameter());
        }
        String prefix = Quoting.prefix(path);
        if (!order.isEmpty()) all.add(Map.entry(prefix + "order", String.join(",", order)));
        for (String name : List.of("limit", "offset")) {
            Long rows = page.get(name);
            if (rows != null) all.add(Map.entry(prefix + name, rows.toString()));
        }
        for (Selection selection : selections) {
            if (selection instanceof Embed embed) all.addAll(embed.parameters(path));
        }
        return all;
    }
}
