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

/** Aggregates and what they group by. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AggregateTest {
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
                "films?select=count(),year.sum(),first:year.min(),last:year.max() | [{'count':5,'sum':9841,'first':1895,'last':2022}]",
                "films?select=rating.count() | [{'count':4}]",
                "films?select=rating.avg()::int | [{'avg':7}]",
                "films?select=rating::int.sum() | [{'sum':28}]",
                "films?select=n:count()::text | [{'n':'5'}]",
                "films?select=data->minutes::int.sum() | [{'sum':113}]",
                "films?select=data->>minutes.max()&id=in.(1,2) | [{'max':'3'}]",
                "films?select=rating,count()&order=rating.nullsfirst | "
                        + "[{'rating':null,'count':1},{'rating':6.5,'count':1},{'rating':7.0,'count':2},{'rating':7.4,'count':1}]",
                "films?select=rating,count()&id=eq.99 | []",
                "films?select=count()&id=eq.99 | [{'count':0}]",
                "films?select=k:plain->k,count()&plain=not.is.null&order=plain->k | [{'k':1,'count':2},{'k':2,'count':1}]",
                "films?select=plain,count()&id=eq.1 | [{'plain':{'k':1},'count':1}]",
                "directors?select=*,count()&id=eq.1 | [{'id':1,'name':'Lumière','country':'FR','count':1}]",
                "films?select=award_count,count()&order=award_count | [{'award_count':0,'count':3},{'award_count':1,'count':1},{'award_count':2,'count':1}]",
                // Grouped by an embedded resource
                "films?select=directors(country),count()&directors=not.is.null&id=lt.3 | [{'directors':{'country':'FR'},'count':2}]",
                "films?select=roles(part),count()&id=eq.2 | [{'roles':[{'part':'Ghost'}],'count':1}]",
                // Within an embedded resource
                "directors?select=name,films(year.max(),count())&id=gte.3&order=id | "
                        + "[{'name':'Eggers','films':[{'max':2022,'count':2}]},{'name':'Nobody','films':[{'max':null,'count':0}]}]",
                "films?select=title,box_office(revenue.sum())&id=eq.3 | [{'title':'Lighthouse','box_office':[{'sum':30}]}]",
                "directors?select=films(rating,count())&films.order=rating&id=eq.3 | [{'films':[{'rating':7.0,'count':1},{'rating':7.4,'count':1}]}]",
                // Of a resource that is spread
                "films?select=count(),...directors(country)&order=directors(country).nullsfirst | fails",
                "films?select=n:count(),...directors(country)&directors=not.is.null&id=lt.3 | [{'n':2,'country':'FR'}]",
                "films?select=...directors(name.min())&id=lt.4 | [{'min':'Eggers'}]",
                "films?select=...directors(count()),all:count() | [{'count':4,'all':5}]",
                "films?select=rating,...directors(names:name.count())&order=rating.desc.nullslast&limit=2 | "
                        + "[{'rating':7.4,'names':1},{'rating':7.0,'names':2}]",
                "roles?select=count(),...films(...directors(name,country.max()))&part=in.(Wake,Winslow) | "
                        + "[{'count':2,'name':'Eggers','max':'US'}]",
                "films?select=...directors(*,count())&id=gte.3&directors=not.is.null | [{'id':3,'name':'Eggers','country':'US','count':2}]",
                "directors?select=films(count(),...technical_specs(camera))&films.id=eq.3&id=eq.3 | [{'films':[{'count':1,'camera':'Arriflex'}]}]",
            })
    void aggregatesGroupByTheRestOfTheSelectList(String path, String rows) {
        if (rows.equals("fails")) {
            // What orders must be grouped by, and is not.
            films.refused(path, 400).body("code", equalTo("42803"));
        } else {
            assertThat(films.read(path)).isEqualTo(rows.replace('\'', '"'));
        }
    }

    @Test
    void theCountOfAnAggregateIsOfItsGroups() {
        app.service()
                .header("Prefer", "count=exact")
                .get("/rest/v1/films?select=rating,count()&order=rating&limit=2")
                .then()
                .statusCode(206)
                .header("Content-Range", "0-1/4");
    }

    @Test
    void aSpreadOfManyHasNoAggregates() {
        films.refused("directors?select=...films(year.max())", 400)
                .body("code", equalTo("PGRST127"))
                .body("details", equalTo("Aggregates are not implemented for one-to-many or many-to-many spreads."));
    }
}
