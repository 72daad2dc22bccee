"""What a segmentation is saved as: pictures, masks, tables, a report."""
