export const departures = {};
