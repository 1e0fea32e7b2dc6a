package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Relations of views, by the columns of tables that they show. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewRelationTest {
    @Inject
    Films films;

    @Inject
    RestTestProject app;

    private boolean created;

    @BeforeEach
    void schema() {
        if (created) {
            return;
        }
        films.create();
        app.sql("""
                create view film_list as select id as film_id, director_id as made_by, title from films;
                create view director_list as select id, name, country from directors;
                create view nomination_list as
                  select f.title as film_title, c.name as competition_name, n.rank, n.film_id as nominated_id, f.id as film_id
                  from nominations n join films f on f.id = n.film_id join competitions c on c.id = n.competition_id;
                create view hidden.inner_list as select id, director_id, title, year from films where year > 1900;
                create view nested_list as select i.id, i.director_id as by_whom, upper(i.title) as title
                  from hidden.inner_list i;
                create view queried_list as
                  with recent as (select id, director_id as d from films)
                  select r.id, s.director_id, ':resno 1 :resorigtbl 0' as "odd {name" from recent r
                  join (select id, director_id from films) s on s.id = r.id
                  where exists (select film_id from roles where film_id = r.id);
                create materialized view film_cache as select id, director_id, title from films;
                create view film_union as select id, director_id from films where id < 3
                  union all select id, director_id from films where id > 2;
                create view computed_list as select id, director_id + 0 as director_id from films;
                create view per_director as select director_id, count(*) as films from films group by director_id;
                create view doubled as select d.id, d.name, f.id as film from directors d join films f on f.director_id = d.id;
                create view order_pairs as select o.id, o.billing_id, o.billing_id as again from orders o;

                create table hidden.teams (id int primary key, name text);
                create table hidden.players (id int primary key, name text);
                create table hidden.members (team int references hidden.teams, player int references hidden.players,
                  primary key (team, player));
                create view teams as select * from hidden.teams;
                create view players as select * from hidden.players;
                create view members as select * from hidden.members;
                insert into hidden.teams values (1, 'red'), (2, 'blue');
                insert into hidden.players values (1, 'kim'), (2, 'lee');
                insert into hidden.members values (1, 1), (1, 2);
                grant usage on schema hidden to anon;
                """);
        created = true;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "film_list?select=title,directors(name)&film_id=eq.1 | [{'title':'Workers','directors':{'name':'Lumière'}}]",
                "film_list?select=title,director_list(name)&film_id=eq.1 | [{'title':'Workers','director_list':{'name':'Lumière'}}]",
                "film_list?select=title,made_by(name)&film_id=eq.1 | [{'title':'Workers','made_by':{'name':'Lumière'}}]",
                "film_list?select=title,directors!films_director_id_fkey(name)&film_id=eq.1 | [{'title':'Workers','directors':{'name':'Lumière'}}]",
                "directors?select=name,film_list(title)&id=eq.1 | [{'name':'Lumière','film_list':[{'title':'Workers'}]}]",
                "director_list?select=name,film_list(title)&id=eq.1 | [{'name':'Lumière','film_list':[{'title':'Workers'}]}]",
                "film_list?select=title,actors(name)&actors.order=id&film_id=eq.3 | [{'title':'Lighthouse','actors':[{'name':'Dafoe'},{'name':'Pattinson'}]}]",
                "actors?select=name,film_list(title)&id=eq.2 | [{'name':'Pattinson','film_list':[{'title':'Lighthouse'}]}]",
                "film_list?select=technical_specs(camera)&film_id=eq.3 | [{'technical_specs':{'camera':'Arriflex'}}]",
                "nomination_list?select=film_title,roles(part),actors(name)&rank=eq.5 | "
                        + "[{'film_title':'Northman','roles':[{'part':'Fool'}],'actors':[{'name':'Dafoe'}]}]",
                "nomination_list?select=film_title,nominated_id(year)&rank=eq.5 | [{'film_title':'Northman','nominated_id':{'year':2022}}]",
                "nested_list?select=title,directors(name)&id=eq.3 | [{'title':'LIGHTHOUSE','directors':{'name':'Eggers'}}]",
                "directors?select=nested_list(title)&nested_list.order=id&id=eq.3 | [{'nested_list':[{'title':'LIGHTHOUSE'},{'title':'NORTHMAN'}]}]",
                "queried_list?select=id,directors(name)&order=id&limit=1 | [{'id':2,'directors':{'name':'Méliès'}}]",
                "film_cache?select=title,directors(name)&id=eq.1 | [{'title':'Workers','directors':{'name':'Lumière'}}]",
                "directors?select=film_cache(title)&id=eq.1 | [{'film_cache':[{'title':'Workers'}]}]",
                "per_director?select=films,directors(name)&director_id=eq.3 | [{'films':2,'directors':{'name':'Eggers'}}]",
                // Tables that nobody sees, behind views that everybody does
                "teams?select=name,players(name)&players.order=id&order=id | [{'name':'red','players':[{'name':'kim'},{'name':'lee'}]},{'name':'blue','players':[]}]",
                "members?select=teams(name),players(name)&player=eq.2 | [{'teams':{'name':'red'},'players':{'name':'lee'}}]",
                "teams?select=members(player)&members.order=player&id=eq.1 | [{'members':[{'player':1},{'player':2}]}]",
                // A view may show a key's target more than once: still one object
                "films?select=title,doubled(name)&id=eq.3 | [{'title':'Lighthouse','doubled':{'name':'Eggers'}}]",
                "films?select=title,...doubled(name)&id=eq.3 | [{'title':'Lighthouse','name':'Eggers'}]",
                "films?select=title,doubled!director_id(name)&order=doubled(name).desc.nullslast,id&limit=1 | [{'title':'Haunted','doubled':{'name':'Méliès'}}]",
                // A view may show a key's column twice: two ways, told apart by the column
                "order_pairs?select=addresses!again(city)&id=eq.1 | [{'addresses':{'city':'Bern'}}]",
            })
    void viewsRelateAsTheirTablesDo(String path, String rows) {
        assertThat(films.read(path)).isEqualTo(rows.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"film_union?select=directors(*)", "computed_list?select=directors(*)"})
    void whatAViewComputesRelatesToNothing(String path) {
        films.refused(path, 400).body("code", equalTo("PGRST200"));
    }

    @Test
    void aColumnShownTwiceIsAmbiguous() {
        films.refused("order_pairs?select=addresses(*)", 300).body("code", equalTo("PGRST201"));
    }

    @Test
    void aViewsKeyIsThatOfItsTable() {
        app.service()
                .contentType("application/json")
                .header("Prefer", "return=headers-only")
                .body("{\"film_id\": 77, \"title\": \"by view\"}")
                .post("/rest/v1/film_list")
                .then()
                .statusCode(201)
                .header("Location", "/rest/v1/film_list?film_id=eq.77");
        app.service().delete("/rest/v1/film_list?film_id=eq.77").then().statusCode(204);
    }
}
