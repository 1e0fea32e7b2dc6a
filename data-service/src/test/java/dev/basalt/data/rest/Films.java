package dev.basalt.data.rest;

import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** A schema with every kind of relation, and what tests ask of it. */
@ApplicationScoped
class Films {
    private final RestTestProject app;

    @Inject
    Films(RestTestProject app) {
        this.app = app;
    }

    void create() {
        app.sql("""
                drop table if exists directors, films, technical_specs, actors, roles, competitions, nominations, employees,
                  presidents, addresses, orders, box_office, premieres, follows cascade;
                drop schema if exists hidden cascade;
                create table directors (id int primary key, name text, country text);
                create table films (id int primary key, director_id int references directors, title text, year int,
                  rating numeric(3, 1), data jsonb, plain json);
                create table technical_specs (film_id int primary key references films, camera text);
                create table actors (id int primary key, name text);
                create table roles (film_id int references films, actor_id int references actors, part text,
                  primary key (film_id, actor_id));
                create table competitions (id int primary key, name text);
                create table nominations (competition_id int references competitions, film_id int references films, rank int,
                  primary key (competition_id, film_id));
                create table employees (id int primary key, name text, boss_id int constraint boss references employees);
                create table presidents (id int primary key, name text, predecessor_id int unique references presidents);
                create table addresses (id int primary key, city text);
                create table orders (id int primary key, name text,
                  billing_id int constraint billing references addresses,
                  shipping_id int constraint shipping references addresses);
                create table box_office (day date, film_id int not null references films, revenue int,
                  primary key (day, film_id)) partition by range (day);
                create table box_office_1 partition of box_office for values from ('2021-01-01') to ('2021-02-01');
                create table box_office_2 partition of box_office for values from ('2021-02-01') to ('2021-03-01');
                create table follows (
                  follower int constraint follower references employees, followed int constraint followed references employees,
                  primary key (follower, followed));
                create table premieres (id int primary key, location text, film_id int);
                create function film(premieres) returns setof films rows 1 stable language sql
                  as $$ select * from films where id = $1.film_id $$;
                create function premieres(films) returns setof premieres stable language sql
                  as $$ select * from premieres where film_id = $1.id $$;
                create function award_count(films) returns bigint stable language sql
                  as $$ select count(*) from nominations where film_id = $1.id $$;
                create schema hidden;
                create table hidden.notes (id int primary key, film_id int references public.films);

                insert into directors values (1, 'Lumière', 'FR'), (2, 'Méliès', 'FR'), (3, 'Eggers', 'US'), (4, 'Nobody', null);
                insert into films values
                  (1, 1, 'Workers', 1895, 7.0, '{"tags": ["short"], "minutes": 1}', '{"k": 1}'),
                  (2, 2, 'Haunted', 1896, 6.5, '{"tags": [], "minutes": 3}', '{"k": 2}'),
                  (3, 3, 'Lighthouse', 2019, 7.4, '{"minutes": 109}', '{"k": 1}'),
                  (4, 3, 'Northman', 2022, 7.0, null, null),
                  (5, null, 'Orphan', 2009, null, null, null);
                insert into technical_specs values (1, 'Cinématographe'), (3, 'Arriflex');
                insert into actors values (1, 'Dafoe'), (2, 'Pattinson'), (3, 'Alcy'), (4, 'Idle');
                insert into roles values (3, 1, 'Wake'), (3, 2, 'Winslow'), (2, 3, 'Ghost'), (4, 1, 'Fool');
                insert into competitions values (1, 'Cannes'), (2, 'Venice');
                insert into nominations values (1, 3, 1), (2, 3, 2), (2, 4, 5);
                insert into employees values (1, 'ann', null), (2, 'bob', 1), (3, 'cyd', 1), (4, 'dan', 2);
                insert into presidents values (1, 'Washington', null), (2, 'Adams', 1), (3, 'Jefferson', 2);
                insert into addresses values (1, 'Bern'), (2, 'Oslo');
                insert into orders values (1, 'filter', 1, 2), (2, 'kettle', 1, 1);
                insert into box_office values ('2021-01-05', 3, 10), ('2021-01-06', 3, 20), ('2021-02-05', 4, 30);
                insert into follows values (2, 1), (3, 1), (1, 4);
                insert into premieres values (1, 'Cannes', 3), (2, 'Berlin', 3), (3, 'Nowhere', null);
                """);
    }

    /** The answer to a read as the service role: its JSON without the blanks between. */
    String read(String path) {
        return json(app.service().get(url(path)).then().statusCode(200));
    }

    /** The answer to a read that is refused. */
    ValidatableResponse refused(String path, int status) {
        return app.service().get(url(path)).then().statusCode(status);
    }

    private static String url(String path) {
        return "/rest/v1/" + path.replace(">", "%3E");
    }

    static String json(ValidatableResponse response) {
        return new JsonArray(response.extract().asString()).encode();
    }
}
