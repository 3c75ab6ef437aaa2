export { confine, isInside } from '../../store/confine.ts';
