// Event, CustomEvent, EventTarget: https://dom.spec.whatwg.org/#events

import { thrown } from '../tools.js';

const heard = (register, ...events) => {
  const target = new EventTarget();
  const seen = [];
  register(target, seen);
  for (const event of events) seen.push(target.dispatchEvent(typeof event === 'string' ? new Event(event) : event));
  return seen;
};

export default {
  'an event': () => {
    const { type, bubbles, cancelable, composed, defaultPrevented, target, currentTarget, eventPhase, isTrusted, returnValue, cancelBubble } = new Event('x');
    return { type, bubbles, cancelable, composed, defaultPrevented, target, currentTarget, eventPhase, isTrusted, returnValue, cancelBubble };
  },
  'an event with an init': () => {
    const { bubbles, cancelable, composed } = new Event('x', { bubbles: true, cancelable: 1, composed: {} });
    return { bubbles, cancelable, composed };
  },
  'an event without type': () => thrown(() => new Event()),
  'types become strings': () => [new Event(5).type, new Event(null).type],
  'phases have numbers': () => [Event.NONE, Event.CAPTURING_PHASE, Event.AT_TARGET, Event.BUBBLING_PHASE, new Event('x').AT_TARGET],
  'a custom event': () => [new CustomEvent('x', { detail: { a: 1 } }).detail, new CustomEvent('x').detail, new CustomEvent('x', { detail: undefined }).detail, new CustomEvent('x') instanceof Event],
  'their tags': () => [new Event('x'), new CustomEvent('x'), new EventTarget()].map((one) => Object.prototype.toString.call(one)),
  'listeners in order': () => heard((target, seen) => {
    target.addEventListener('x', () => seen.push(1));
    target.addEventListener('y', () => seen.push(2));
    target.addEventListener('x', () => seen.push(3));
  }, 'x'),
  'a listener is there once': () => heard((target, seen) => {
    const listener = () => seen.push(1);
    target.addEventListener('x', listener);
    target.addEventListener('x', listener);
  }, 'x'),
  'a capturing listener is another': () => heard((target, seen) => {
    const listener = () => seen.push(1);
    target.addEventListener('x', listener);
    target.addEventListener('x', listener, true);
  }, 'x'),
  'a listener that goes': () => heard((target, seen) => {
    const listener = () => seen.push(1);
    target.addEventListener('x', listener);
    target.removeEventListener('x', listener);
  }, 'x'),
  'a listener for once': () => heard((target, seen) => target.addEventListener('x', () => seen.push(1), { once: true }), 'x', 'x'),
  'a listener with a signal': () => {
    const controller = new AbortController();
    const target = new EventTarget();
    const seen = [];
    target.addEventListener('x', () => seen.push(1), { signal: controller.signal });
    target.dispatchEvent(new Event('x'));
    controller.abort();
    target.dispatchEvent(new Event('x'));
    return seen;
  },
  'a listener with an aborted signal': () => heard((target, seen) => target.addEventListener('x', () => seen.push(1), { signal: AbortSignal.abort() }), 'x'),
  'an object as the listener': () => heard((target, seen) => target.addEventListener('x', { handleEvent(event) { seen.push(event.type, this !== target); } }), 'x'),
  'this is the target': () => heard((target, seen) => target.addEventListener('x', function (event) { seen.push(this === target, event.target === target, event.currentTarget === target, event.eventPhase); }), 'x'),
  'after the event it has no current target': () => {
    const target = new EventTarget();
    const event = new Event('x');
    target.dispatchEvent(event);
    return [event.target === target, event.currentTarget, event.eventPhase, event.composedPath().length];
  },
  'preventDefault': () => heard((target) => target.addEventListener('x', (event) => event.preventDefault()), new Event('x', { cancelable: true }), 'x'),
  'preventDefault of a passive listener': () => heard((target) => target.addEventListener('x', (event) => event.preventDefault(), { passive: true }), new Event('x', { cancelable: true })),
  'stopImmediatePropagation': () => heard((target, seen) => {
    target.addEventListener('x', (event) => { seen.push(1); event.stopImmediatePropagation(); });
    target.addEventListener('x', () => seen.push(2));
  }, 'x'),
  'stopPropagation': () => heard((target, seen) => {
    target.addEventListener('x', (event) => { seen.push(1); event.stopPropagation(); });
    target.addEventListener('x', () => seen.push(2));
  }, 'x'),
  'a listener added meanwhile waits': () => heard((target, seen) => target.addEventListener('x', () => {
    seen.push(1);
    target.addEventListener('x', () => seen.push(2));
  }, { once: true }), 'x', 'x'),
  'a listener removed meanwhile is not called': () => heard((target, seen) => {
    const second = () => seen.push(2);
    target.addEventListener('x', () => { seen.push(1); target.removeEventListener('x', second); });
    target.addEventListener('x', second);
  }, 'x'),
  'an event is not sent while it is sent': async () => {
    const target = new EventTarget();
    const seen = [];
    target.addEventListener('x', (event) => {
      try {
        target.dispatchEvent(event);
      } catch (error) {
        seen.push(error.name);
      }
    });
    target.dispatchEvent(new Event('x'));
    return seen;
  },
  'an event is sent again': () => {
    const event = new Event('x');
    return heard((target, seen) => target.addEventListener('x', () => seen.push(1)), event, event);
  },
  'what is no event': () => Promise.all([thrown(() => new EventTarget().dispatchEvent({ type: 'x' })), thrown(() => new EventTarget().dispatchEvent('x')), thrown(() => new EventTarget().dispatchEvent())]),
  'null as the listener': () => thrown(() => new EventTarget().addEventListener('x', null)),
  'a listener that is none': () => Promise.all([thrown(() => new EventTarget().addEventListener('x', 5)), thrown(() => new EventTarget().addEventListener('x', 'y'))]),
  'a class of one\'s own': () => {
    class Own extends EventTarget {}
    const seen = [];
    const own = new Own();
    own.addEventListener('x', (event) => seen.push(event.target === own));
    own.dispatchEvent(new Event('x'));
    return seen;
  },
  'cancelBubble': () => {
    const event = new Event('x');
    event.cancelBubble = true;
    return event.cancelBubble;
  },
  'returnValue': () => {
    const event = new Event('x', { cancelable: true });
    event.returnValue = false;
    return [event.returnValue, event.defaultPrevented];
  },
  'timeStamp is a number': () => typeof new Event('x').timeStamp,
};
