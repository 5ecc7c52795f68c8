import { describe, expect, test } from 'vitest';
import { judgeImages } from '../../controller/gates/image-moves.ts';
import { bookAt } from '../build/recipe-text.ts';

describe('which moves of an image are majors', () => {
  const digest = (letter: string): string => `@sha256:${letter.repeat(64)}`;
  test.each([
    { from: 'postgres:15-alpine', to: 'postgres:16-alpine', held: 'ImageMajor' },
    { from: 'postgres:16-alpine', to: 'postgres:15-alpine', held: 'ImageMajor' },
    { from: 'mariadb:10.11', to: 'mariadb:10.12', held: undefined },
    { from: 'mariadb:10.11', to: 'mariadb:11.4', held: 'ImageMajor' },
    { from: 'redis:7.2', to: 'redis:7.4', held: undefined },
    { from: 'redis:7', to: 'redis:7.4-alpine', held: undefined },
    { from: 'web:v1.2', to: 'web:v2.0', held: 'ImageMajor' },
    { from: 'web:1.9', to: 'web:v1.10', held: undefined },
    { from: 'web:0.1', to: 'web:0.2', held: undefined },
    { from: 'web:2024.1', to: 'web:2025.1', held: 'ImageMajor' },
    { from: 'web:2024.1', to: 'web:2024.2', held: undefined },
    { from: 'web:latest', to: 'web:edge', held: 'ImageUnparsable' },
    { from: 'web:latest', to: 'web:1.0', held: 'ImageUnparsable' },
    { from: 'web', to: 'web:latest', held: undefined },
    { from: 'web:RELEASE.2024-01-16', to: 'web:RELEASE.2024-02-17', held: 'ImageUnparsable' },
    { from: 'web:1a2b3c4', to: 'web:1a2b3c5', held: 'ImageUnparsable' },
    { from: `web:1.2${digest('a')}`, to: `web:1.2${digest('b')}`, held: undefined },
    { from: `web:1.2${digest('a')}`, to: `web:2.0${digest('b')}`, held: 'ImageMajor' },
    { from: `web:edge${digest('a')}`, to: `web:edge${digest('b')}`, held: 'ImageUnparsable' },
    { from: `web${digest('a')}`, to: `web${digest('b')}`, held: 'ImageUnparsable' },
    { from: 'a.example.org/x:1.0', to: 'b.example.org/x:1.0', held: 'ImageRepository' },
    { from: 'a.example.org:5000/x:1', to: 'a.example.org:5000/x:2', held: 'ImageMajor' },
  ])('$from → $to: $held', ({ from, to, held }) => {
    const before = bookAt('1.0.0+1.0.0', [['compose.yml', 'nginx:1.27', from]]);
    const after = bookAt('1.0.1+1.0.1', [['compose.yml', 'nginx:1.27', to]]);

    const reasons = judgeImages(before, after).map(({ reason }) => reason);

    expect(reasons.map(({ reason }) => reason)).toEqual(held === undefined ? [] : [held]);
  });
});
