import { closest, editDistance, noSuch } from './suggest.ts';

test('edit distance', () => {
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('same', 'same')).toBe(0);
  expect(editDistance('rnu', 'run')).toBe(1);
});

test('what was probably meant', () => {
  const impls = ['simple', 'passive', 'active'];
  expect(closest('activ', impls)).toBe('active');
  expect(closest('PASSIVE', impls)).toBe('passive');
  expect(closest('raft', impls)).toBeNull();
  expect(closest('x', [])).toBeNull();
});

test('an error names the choices', () => {
  expect(noSuch('impl', 'activ', ['simple', 'active'])).toBe(
    "there is no impl 'activ' (did you mean active?); there are simple, active",
  );
});
