// Rule link-events: a link throw event has exactly one catch event of its name in the same scope, and a catch event
// somebody who leads to it. Links replace sequence flows, so none leaves the throw or enters the catch event.

import { linkNameOf } from '../model/compile.ts';
import { checkElements, elementsOf, hasTrigger } from './check.ts';

export const linkEvents = checkElements('link-events', (element, model) => {
  const name = linkNameOf(element);
  if (!hasTrigger(element, 'link') || name === null) return [];
  const peers = elementsOf(model).filter(
    (peer) => peer.id !== element.id && peer.parentId === element.parentId && linkNameOf(peer) === name,
  );
  const catches = peers.filter((peer) => peer.kind === 'intermediateCatchEvent');
  if (element.kind === 'intermediateThrowEvent') {
    if (catches.length !== 1) return [`needs exactly one link catch event '${name}' in the same scope`];
    return element.outgoing.length === 0 ? [] : ['is a link throw event and has an outgoing flow'];
  }
  if (catches.length > 0) return [`has the same link name '${name}' as another catch event`];
  if (element.incoming.length > 0) return ['is a link catch event and has an incoming flow'];
  return peers.length === 0 ? [`is reached by no link throw event '${name}'`] : [];
});
