package dev.basalt.data.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.test.BasaltTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Related rows in the answer of a read. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddingTest {
    @Inject
    Films films;

    @Inject
    RestTestProject app;

    private boolean created;

    @BeforeEach
    void schema() {
        if (!created) {
            films.create();
            created = true;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Many-to-one, by table, alias, foreign key, its column, hint
                "films?select=title,directors(name)&id=eq.1 | [{'title':'Workers','directors':{'name':'Lumière'}}]",
                "films?select=director:directors(name)&id=eq.1 | [{'director':{'name':'Lumière'}}]",
                "films?select=films_director_id_fkey(name)&id=eq.1 | [{'films_director_id_fkey':{'name':'Lumière'}}]",
                "films?select=d:director_id(name)&id=eq.1 | [{'d':{'name':'Lumière'}}]",
                "films?select=directors!films_director_id_fkey(name)&id=eq.1 | [{'directors':{'name':'Lumière'}}]",
                "films?select=directors!director_id(name)&id=eq.1 | [{'directors':{'name':'Lumière'}}]",
                "films?select=directors!id(name)&id=eq.1 | [{'directors':{'name':'Lumière'}}]",
                "films?select=title,directors(*)&id=eq.5 | [{'title':'Orphan','directors':null}]",
                // One-to-many
                "directors?select=name,films(title)&films.order=id&order=id&id=gte.3 | "
                        + "[{'name':'Eggers','films':[{'title':'Lighthouse'},{'title':'Northman'}]},{'name':'Nobody','films':[]}]",
                // One-to-one, from either side
                "films?select=title,technical_specs(camera)&id=eq.3 | [{'title':'Lighthouse','technical_specs':{'camera':'Arriflex'}}]",
                "films?select=title,technical_specs(camera)&id=eq.2 | [{'title':'Haunted','technical_specs':null}]",
                "technical_specs?select=camera,films(title)&film_id=eq.3 | [{'camera':'Arriflex','films':{'title':'Lighthouse'}}]",
                // Many-to-many
                "films?select=title,actors(name)&actors.order=name&id=eq.3 | [{'title':'Lighthouse','actors':[{'name':'Dafoe'},{'name':'Pattinson'}]}]",
                "actors?select=name,films(title)&films.order=id&id=in.(1,4)&order=id | "
                        + "[{'name':'Dafoe','films':[{'title':'Lighthouse'},{'title':'Northman'}]},{'name':'Idle','films':[]}]",
                "films?select=actors!roles(name)&actors.order=id&id=eq.3 | [{'actors':[{'name':'Dafoe'},{'name':'Pattinson'}]}]",
                // Nested
                "actors?select=roles(part,films(title,directors(name)))&roles.order=film_id&id=eq.1 | "
                        + "[{'roles':[{'part':'Wake','films':{'title':'Lighthouse','directors':{'name':'Eggers'}}},"
                        + "{'part':'Fool','films':{'title':'Northman','directors':{'name':'Eggers'}}}]}]",
                // The same relation twice
                "films?select=a:actors(name),b:actors(name)&a.name=eq.Dafoe&b.name=eq.Pattinson&id=eq.3 | "
                        + "[{'a':[{'name':'Dafoe'}],'b':[{'name':'Pattinson'}]}]",
                // Several ways between two tables
                "orders?select=billing:addresses!billing(city),s:addresses!shipping_id(city)&id=eq.1 | [{'billing':{'city':'Bern'},'s':{'city':'Oslo'}}]",
                "orders?select=billing_id(city),shipping(city)&id=eq.1 | [{'billing_id':{'city':'Bern'},'shipping':{'city':'Oslo'}}]",
                "addresses?select=city,orders!billing(name)&orders.order=id&id=eq.1 | [{'city':'Bern','orders':[{'name':'filter'},{'name':'kettle'}]}]",
                "addresses?select=orders!shipping_id(name)&id=eq.2 | [{'orders':[{'name':'filter'}]}]",
                // A table that refers to itself
                "employees?select=name,boss_id(name)&id=eq.2 | [{'name':'bob','boss_id':{'name':'ann'}}]",
                "employees?select=name,b:boss(name)&id=eq.2 | [{'name':'bob','b':{'name':'ann'}}]",
                "employees?select=name,employees(name)&employees.order=id&id=eq.1 | [{'name':'ann','employees':[{'name':'bob'},{'name':'cyd'}]}]",
                "employees?select=staff:employees!boss_id(name)&staff.order=id&id=eq.1 | [{'staff':[{'name':'bob'},{'name':'cyd'}]}]",
                "employees?select=employees!boss(name,employees!boss(name))&employees.id=eq.2&id=eq.1 | "
                        + "[{'employees':[{'name':'bob','employees':[{'name':'dan'}]}]}]",
                "presidents?select=name,predecessor_id(name),presidents(name)&id=eq.2 | "
                        + "[{'name':'Adams','predecessor_id':{'name':'Washington'},'presidents':{'name':'Jefferson'}}]",
                "employees?select=followers:employees!follower(name)&followers.order=id&id=eq.1 | [{'followers':[{'name':'bob'},{'name':'cyd'}]}]",
                "employees?select=following:employees!followed(name)&id=eq.1 | [{'following':[{'name':'dan'}]}]",
                // Partitioned tables
                "box_office?select=revenue,films(title)&order=day&limit=1 | [{'revenue':10,'films':{'title':'Lighthouse'}}]",
                "films?select=box_office(revenue)&box_office.order=day&id=eq.3 | [{'box_office':[{'revenue':10},{'revenue':20}]}]",
                // Functions as relationships
                "premieres?select=location,film(title)&order=id&id=gt.1 | "
                        + "[{'location':'Berlin','film':{'title':'Lighthouse'}},{'location':'Nowhere','film':null}]",
                "films?select=premieres(location)&premieres.order=id&id=eq.3 | [{'premieres':[{'location':'Cannes'},{'location':'Berlin'}]}]",
                "premieres?select=film(title,award_count,directors(name))&id=eq.1 | "
                        + "[{'film':{'title':'Lighthouse','award_count':2,'directors':{'name':'Eggers'}}}]",
                // Counting related rows, as clients did before aggregates
                "directors?select=name,films(count)&id=gte.3&order=id | [{'name':'Eggers','films':[{'count':2}]},{'name':'Nobody','films':[{'count':0}]}]",
            })
    void embeds(String path, String rows) {
        assertThat(films.read(path)).isEqualTo(rows.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "films?select=title,actors(name)&actors.name=eq.Dafoe&id=in.(2,3)&order=id | "
                        + "[{'title':'Haunted','actors':[]},{'title':'Lighthouse','actors':[{'name':'Dafoe'}]}]",
                "films?select=roles(part)&roles.or=(part.eq.Wake,part.eq.Winslow)&roles.order=part.desc&id=eq.3 | "
                        + "[{'roles':[{'part':'Winslow'},{'part':'Wake'}]}]",
                "films?select=roles(part)&roles.not.or=(part.eq.Wake,part.eq.X)&id=eq.3 | [{'roles':[{'part':'Winslow'}]}]",
                "films?select=roles(part)&roles.and=(part.neq.Wake,part.neq.X)&id=eq.3 | [{'roles':[{'part':'Winslow'}]}]",
                "films?select=actors(name)&actors.order=name.desc&actors.limit=1&id=eq.3 | [{'actors':[{'name':'Pattinson'}]}]",
                "films?select=actors(name)&actors.order=name.desc&actors.limit=1&actors.offset=1&id=eq.3 | [{'actors':[{'name':'Dafoe'}]}]",
                "films?select=roles(part,actors(name))&roles.actors.name=eq.Dafoe&roles.order=part&id=eq.3 | "
                        + "[{'roles':[{'part':'Wake','actors':{'name':'Dafoe'}},{'part':'Winslow','actors':null}]}]",
                "directors?select=name,f:films(title)&f.data->>minutes=eq.109&id=eq.3 | [{'name':'Eggers','f':[{'title':'Lighthouse'}]}]",
                // Only rows that have related ones
                "films?select=title,actors!inner(name)&actors.name=eq.Dafoe&order=id | "
                        + "[{'title':'Lighthouse','actors':[{'name':'Dafoe'}]},{'title':'Northman','actors':[{'name':'Dafoe'}]}]",
                "films?select=title,directors!inner(name)&directors.country=eq.FR&order=id&limit=1 | [{'title':'Workers','directors':{'name':'Lumière'}}]",
                "directors?select=name,films!inner(title,actors!inner(name))&films.actors.name=eq.Alcy | "
                        + "[{'name':'Méliès','films':[{'title':'Haunted','actors':[{'name':'Alcy'}]}]}]",
                "films?select=title,actors!left(name)&actors.name=eq.Nope&id=eq.3 | [{'title':'Lighthouse','actors':[]}]",
                "films?select=title,directors!director_id!inner(name)&directors.name=eq.Eggers&order=id&limit=1 | "
                        + "[{'title':'Lighthouse','directors':{'name':'Eggers'}}]",
                // Null filters
                "films?select=title,nominations()&nominations=is.null&order=id&limit=2 | [{'title':'Workers'},{'title':'Haunted'}]",
                "films?select=title,actors()&actors.name=eq.Alcy&actors=not.is.null | [{'title':'Haunted'}]",
                "films?select=title,actors()&actors.name=eq.Alcy&actors=is.not_null | [{'title':'Haunted'}]",
                "films?select=title,d:directors(name)&d=is.null | [{'title':'Orphan','d':null}]",
                "films?select=title,actors(),directors()&directors.name=eq.Lumière&actors.name=eq.Alcy"
                        + "&or=(directors.not.is.null,actors.not.is.null)&order=id | [{'title':'Workers'},{'title':'Haunted'}]",
                "films?select=title,nominations(),directors()&or=(directors.is.null,and(nominations.not.is.null,year.gt.2020))&order=id | "
                        + "[{'title':'Northman'},{'title':'Orphan'}]",
                "directors?select=name,films(title,actors())&films.actors=is.null&id=in.(1,3)&order=id | "
                        + "[{'name':'Lumière','films':[{'title':'Workers'}]},{'name':'Eggers','films':[]}]",
                // A relation that is called like its column: only a null filter means the relation
                "employees?select=id,boss_id(name)&boss_id=eq.1&order=id&limit=1 | [{'id':2,'boss_id':{'name':'ann'}}]",
                "employees?select=id,boss_id(name)&boss_id=not.is.null&boss_id.name=eq.bob | [{'id':4,'boss_id':{'name':'bob'}}]",
                // Order by a related row
                "films?select=title,directors(name)&order=directors(name).desc.nullslast,id&limit=2 | "
                        + "[{'title':'Haunted','directors':{'name':'Méliès'}},{'title':'Workers','directors':{'name':'Lumière'}}]",
                "films?select=title,d:directors()&order=d(country).asc.nullsfirst,id.desc&limit=2 | [{'title':'Orphan'},{'title':'Haunted'}]",
                "films?select=id,technical_specs()&order=technical_specs(camera)&limit=1 | [{'id':3}]",
                "premieres?select=id,film(title)&order=film(data->minutes).desc.nullslast,id&limit=1 | [{'id':1,'film':{'title':'Lighthouse'}}]",
                "actors?select=roles(part,films(title))&roles.order=films(year).desc&id=eq.1 | "
                        + "[{'roles':[{'part':'Fool','films':{'title':'Northman'}},{'part':'Wake','films':{'title':'Lighthouse'}}]}]",
            })
    void embeddedResourcesAreFilteredOrderedAndPaged(String path, String rows) {
        assertThat(films.read(path)).isEqualTo(rows.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "films?select=title,...directors(director:name)&id=in.(1,5)&order=id | "
                        + "[{'title':'Workers','director':'Lumière'},{'title':'Orphan','director':null}]",
                "films?select=title,...directors(*)&id=eq.1 | [{'title':'Workers','id':1,'name':'Lumière','country':'FR'}]",
                "films?select=title,cast:roles(part,...actors(name))&cast.order=part&id=eq.3 | "
                        + "[{'title':'Lighthouse','cast':[{'part':'Wake','name':'Dafoe'},{'part':'Winslow','name':'Pattinson'}]}]",
                "roles?select=part,...films(title,...directors(director:name))&part=eq.Wake | "
                        + "[{'part':'Wake','title':'Lighthouse','director':'Eggers'}]",
                "films?select=title,...technical_specs!inner(camera)&order=id | "
                        + "[{'title':'Workers','camera':'Cinématographe'},{'title':'Lighthouse','camera':'Arriflex'}]",
                "films?select=title,...directors(name)&directors.name=eq.Eggers&order=id&limit=1 | [{'title':'Workers','name':null}]",
                "premieres?select=location,...film(title)&id=eq.1 | [{'location':'Cannes','title':'Lighthouse'}]",
                // To-many: an array for each value
                "directors?select=name,...films(titles:title,year)&films.order=year.desc&id=gte.3&order=id | "
                        + "[{'name':'Eggers','titles':['Northman','Lighthouse'],'year':[2022,2019]},{'name':'Nobody','titles':[],'year':[]}]",
                "films?select=title,...actors(names:name)&actors.order=name&id=eq.3 | [{'title':'Lighthouse','names':['Dafoe','Pattinson']}]",
                "films?select=...actors(names:name)&actors.order=name.desc&actors.limit=1&id=eq.3 | [{'names':['Pattinson']}]",
                "directors?select=...films(title,...technical_specs(camera))&films.order=id&id=eq.3 | "
                        + "[{'title':['Lighthouse','Northman'],'camera':['Arriflex',null]}]",
                "directors?select=...films(actors(name))&films.order=id&id=eq.3&films.actors.order=id | "
                        + "[{'actors':[[{'name':'Dafoe'},{'name':'Pattinson'}],[{'name':'Dafoe'}]]}]",
                "directors?select=name,...films!inner(title)&films.year=gt.2020 | [{'name':'Eggers','title':['Northman']}]",
                "directors?select=...films(...actors(name))&films.order=id&id=eq.3&films.actors.order=id | "
                        + "[{'name':[['Dafoe','Pattinson'],['Dafoe']]}]",
            })
    void spreadsJoinTheParentsValues(String path, String rows) {
        assertThat(films.read(path)).isEqualTo(rows.replace('\'', '"'));
    }

    @Test
    void countsAreOfTheRowsThatRelatedOnesLeave() {
        app.service()
                .header("Prefer", "count=exact")
                .get("/rest/v1/films?select=id,actors!inner(name)&actors.name=eq.Dafoe&limit=1")
                .then()
                .statusCode(206)
                .header("Content-Range", "0-0/2");
        app.service()
                .header("Prefer", "count=exact")
                .get("/rest/v1/films?select=id,nominations()&nominations=is.null")
                .then()
                .statusCode(200)
                .header("Content-Range", "0-2/3");
    }

    @Test
    void ambiguousRelationsAreListedForTheClientToChoose() {
        films.refused("orders?select=*,addresses(*)", 300)
                .body("code", equalTo("PGRST201"))
                .body(
                        "message",
                        equalTo(
                                "Could not embed because more than one relationship was found for 'orders' and 'addresses'"))
                .body(
                        "hint",
                        equalTo(
                                "Try changing 'addresses' to one of the following: 'addresses!billing', 'addresses!shipping'."
                                        + " Find the desired relationship in the 'details' key."))
                .body("details", hasSize(2))
                .body("details[0].cardinality", equalTo("many-to-one"))
                .body("details[0].embedding", equalTo("orders with addresses"))
                .body("details[0].relationship", equalTo("billing using orders(billing_id) and addresses(id)"))
                .body("details[1].relationship", equalTo("shipping using orders(shipping_id) and addresses(id)"));
        films.refused("employees?select=employees!follows(name)", 300)
                .body("details[0].cardinality", equalTo("many-to-many"))
                .body("details[0].relationship", equalTo("follows using followed(followed) and follower(follower)"))
                .body("details[1].relationship", equalTo("follows using follower(follower) and followed(followed)"));
    }

    @Test
    void unknownRelationsAreRefusedWithAHint() {
        films.refused("films?select=director(*)", 400)
                .body("code", equalTo("PGRST200"))
                .body(
                        "message",
                        equalTo("Could not find a relationship between 'films' and 'director' in the schema cache"))
                .body(
                        "details",
                        equalTo("Searched for a foreign key relationship between 'films' and 'director' in the schema"
                                + " 'public', but no matches were found."))
                .body("hint", equalTo("Perhaps you meant 'directors' instead of 'director'."));
        films.refused("films?select=directors!nope(*)", 400)
                .body("code", equalTo("PGRST200"))
                .body(
                        "details",
                        equalTo("Searched for a foreign key relationship between 'films' and 'directors' using the hint"
                                + " 'nope' in the schema 'public', but no matches were found."))
                .body("hint", nullValue());
        films.refused("films?select=notes(*)", 400).body("code", equalTo("PGRST200"));
        films.refused("films?select=box_office_1(*)", 400).body("code", equalTo("PGRST200"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "films?actors.name=eq.x               | PGRST108 | 'actors' is not an embedded resource in this request",
                "films?select=a:actors(*)&actors.name=eq.x | PGRST108 | 'actors' is not an embedded resource in this request",
                "films?select=actors(*)&actors.roles.part=eq.x | PGRST108 | 'roles' is not an embedded resource in this request",
                "films?actors.order=name              | PGRST108 | 'actors' is not an embedded resource in this request",
                "films?actors.limit=1                 | PGRST108 | 'actors' is not an embedded resource in this request",
                "films?order=directors(name)          | PGRST108 | 'directors' is not an embedded resource in this request",
                "films?select=actors(*)&order=actors(name) | PGRST118 | A related order on 'actors' is not possible",
                "films?select=actors(*)&actors=eq.x   | PGRST120 | Bad operator on the 'actors' embedded resource",
                "films?select=actors(*)&or=(actors.is.true,id.eq.1) | PGRST120 | Bad operator on the 'actors' embedded resource",
                "films?select=actors(nme)             | 42703    | column actors.nme does not exist",
                "films?select=actors(name)&actors.nme=eq.1 | 42703 | column actors.nme does not exist",
                "films?select=directors(name)&order=directors(nme) | 42703 | column directors.nme does not exist",
            })
    void whatCannotBeAskedOfAnEmbeddedResourceIsRefused(String path, String code, String message) {
        films.refused(path, 400).body("code", equalTo(code)).body("message", equalTo(message));
    }

    @Test
    void embeddedValuesAreNotConfusedWithOneAnother() {
        assertThat(films.read("films?select=id,data,plain,directors(id,films(id,data))&id=eq.1"))
                .isEqualTo(
                        "[{\"id\":1,\"data\":{\"tags\":[\"short\"],\"minutes\":1},\"plain\":{\"k\":1},"
                                + "\"directors\":{\"id\":1,\"films\":[{\"id\":1,\"data\":{\"tags\":[\"short\"],\"minutes\":1}}]}}]");
    }

    @Test
    void aNewRelationIsFoundByTheRequestThatNeedsIt() {
        films.refused("actors?select=agents(name)", 400);
        app.sql(
                "create table agents (id int primary key, name text); alter table actors add agent_id int references agents");
        assertThat(films.read("actors?select=id,agents(name)&id=eq.1")).isEqualTo("[{\"id\":1,\"agents\":null}]");
        app.sql("alter table actors drop agent_id; drop table agents");
    }
}
