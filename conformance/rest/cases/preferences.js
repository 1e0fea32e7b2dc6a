// The Prefer header.

const back = 'return=representation, tx=rollback';

export default [
  { name: 'unknown preferences are overlooked', get: '/studios?select=id&id=eq.1', prefer: 'foo, bar=1', json: [{ id: 1 }], answer: { 'preference-applied': null } },
  { name: 'handling=lenient overlooks them too', get: '/studios?select=id&id=eq.1', prefer: 'handling=lenient, foo', json: [{ id: 1 }], answer: { 'preference-applied': 'handling=lenient' } },
  { name: 'handling=strict refuses them by name', get: '/studios', prefer: 'handling=strict, foo, bar', status: 400, error: { code: 'PGRST122', message: 'Invalid preferences given with handling=strict', details: 'Invalid preferences: foo, bar', hint: null } },
  { name: 'handling=strict refuses an unknown value', get: '/studios', prefer: 'handling=strict, count=roughly', status: 400, error: { code: 'PGRST122', details: 'Invalid preferences: count=roughly' } },
  { name: 'handling=strict lets known ones pass', get: '/studios?select=id&id=eq.1', prefer: 'handling=strict, count=exact', json: [{ id: 1 }], answer: { 'preference-applied': /count=exact/ } },
  { name: 'handling=strict refuses before anything is written', post: '/guests', as: 'service', prefer: 'handling=strict, foo', body: { name: 'Strict' }, status: 400, error: { code: 'PGRST122' }, then: { get: '/guests?name=eq.Strict', json: [] } },
  { name: 'several Prefer headers are one', post: '/guests?select=name', as: 'service', headers: { prefer: ['return=representation', 'tx=rollback'] }, body: { name: 'N' }, status: 201, json: [{ name: 'N' }], then: { get: '/guests?name=eq.N', json: [] } },
  { name: 'the first preference of a kind counts', post: '/guests?select=name', as: 'service', prefer: 'return=representation, return=minimal, tx=rollback', body: { name: 'N' }, status: 201, json: [{ name: 'N' }] },
  { name: 'blanks between preferences do not matter', post: '/guests?select=name', as: 'service', prefer: '  return=representation  ,tx=rollback', body: { name: 'N' }, status: 201, json: [{ name: 'N' }] },

  { name: 'timezone shows instants elsewhere', get: '/screenings?select=starts&id=eq.1', prefer: 'timezone=America/Los_Angeles', json: [{ starts: '2024-05-01T13:00:00-07:00' }], answer: { 'preference-applied': 'timezone=America/Los_Angeles' } },
  { name: 'timezone UTC', get: '/screenings?select=starts&id=eq.1', prefer: 'timezone=UTC', json: [{ starts: '2024-05-01T20:00:00+00:00' }] },
  { name: 'an unknown timezone is overlooked', get: '/screenings?select=starts&id=eq.1', prefer: 'timezone=Jupiter/Red_Spot', json: [{ starts: '2024-05-01T20:00:00+00:00' }], answer: { 'preference-applied': null } },
  { name: 'an unknown timezone is refused when strict', get: '/screenings', prefer: 'handling=strict, timezone=Jupiter/Red_Spot', status: 400, error: { code: 'PGRST122', details: 'Invalid preferences: timezone=Jupiter/Red_Spot' } },
  { name: 'timezone reads instants without an offset there', post: '/screenings?select=starts', as: 'service', prefer: `timezone=Asia/Tokyo, ${back}`, body: { id: 99, starts: '2024-05-01 09:00' }, status: 201, json: [{ starts: '2024-05-01T09:00:00+09:00' }] },
  { name: 'timezone reaches functions', get: '/rpc/time_zone', prefer: 'timezone=Asia/Tokyo', json: 'Asia/Tokyo', then: { get: '/rpc/time_zone', json: (zone) => zone !== 'Asia/Tokyo' } },
  { name: 'a timezone that tries to break out is overlooked', get: '/rpc/time_zone', prefer: "timezone=UTC'; drop table films; --", json: (zone) => !/drop/.test(zone), then: { get: '/films?select=id&id=eq.1', json: [{ id: 1 }] } },

  { name: 'tx=commit commits', post: '/guests', as: 'service', prefer: 'tx=commit', body: { name: 'Kept' }, status: 201, then: { get: '/guests?select=name&name=eq.Kept', json: [{ name: 'Kept' }] }, cleanup: `delete from guests where name = 'Kept'` },
  { name: 'tx=rollback is told', patch: '/films?id=eq.1&select=id', as: 'service', prefer: back, body: { year: 1 }, json: [{ id: 1 }], answer: { 'preference-applied': /tx=rollback/ } },
  { name: 'tx=rollback undoes a delete', delete: '/tickets?id=eq.1', as: 'service', prefer: 'tx=rollback', status: 204, then: { get: '/tickets?select=id&id=eq.1', json: [{ id: 1 }] } },
  { name: 'tx=rollback undoes an upsert', post: '/seats?select=place', as: 'service', prefer: `resolution=merge-duplicates, ${back}`, body: { hall: 9, place: 9 }, status: 201, json: [{ place: 9 }], then: { get: '/seats?hall=eq.9', json: [] } },
  { name: 'tx=rollback undoes a PUT', put: '/supplies?sku=eq.t1', as: 'service', prefer: 'tx=rollback', body: { sku: 't1', name: 'x', price: 1, stock: 1 }, status: (status) => [200, 201, 204].includes(status), then: { get: '/supplies?sku=eq.t1', json: [] } },
  { name: 'what does not concern a read is not told as applied', get: '/studios?select=id&id=eq.1', prefer: 'return=representation, resolution=merge-duplicates, missing=default', json: [{ id: 1 }], answer: { 'preference-applied': null } },
  { name: 'max-affected does not concern a read', get: '/studios?select=id&order=id', prefer: 'handling=strict, max-affected=1', json: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }] },
];
