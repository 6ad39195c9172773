"""Warnings for a reviewer: figures that were copied, that jumped, or that contradict the signed paper."""
