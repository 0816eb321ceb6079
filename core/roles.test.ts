import { slotNamed, type Slot } from './ids.ts';
import { isInService, slotsPlaying } from './roles.ts';

const [n1, n2, n3] = ['n1', 'n2', 'n3'].map(slotNamed) as [Slot, Slot, Slot];

test.each(['primary', 'front-primary', 'coordinator'])(
  'of two that claim to be %s the later one is',
  (role) => {
    const running = [
      { slot: n1, role, view: 3 },
      { slot: n2, role, view: 4 },
      { slot: n3, role: 'witness', view: 5 },
    ];
    expect(slotsPlaying(role, running)).toEqual([n2]);
    expect(slotsPlaying('any', running)).toEqual([n1, n2, n3]);
    expect(slotsPlaying('primar', running)).toEqual([]);
  },
);

test.each(['backup', 'back-witness'])('several may be %s, in whatever view they were told so', (role) => {
  const running = [
    { slot: n1, role: 'primary', view: 4 },
    { slot: n2, role, view: 3 },
    { slot: n3, role, view: 4 },
  ];
  expect(slotsPlaying(role, running)).toEqual([n2, n3]);
});

test('who joins, or has said nothing yet, is not in service', () => {
  expect(['', 'joining', 'front-joining', 'primary', 'front-witness'].map(isInService)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});
